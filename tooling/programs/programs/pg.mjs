/** PostgreSQL by pg: SCRAM, a pool, types, prepared statements, transactions, large rows, notifications, errors; TCP and Unix. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';

const { POSTGRES_PORT, POSTGRES_FOLDER, POSTGRES_USER, POSTGRES_PASSWORD } = process.env;
const account = { user: POSTGRES_USER, database: 'postgres', port: Number(POSTGRES_PORT) };
const large = randomBytes(1_000_000);
const table = `pg_${process.pid}`;

await talk({ ...account, host: '127.0.0.1', password: POSTGRES_PASSWORD });
await talk({ ...account, host: POSTGRES_FOLDER });
await refusals();
console.log('ok: over TCP and over a Unix socket');

async function talk(place) {
	const pool = new pg.Pool({ ...place, max: 4 });
	await pool.query(`CREATE TABLE ${table} (id serial PRIMARY KEY, name text UNIQUE, data bytea, at timestamptz)`);
	try {
		await values(pool);
		await transactions(pool);
		await many(pool);
	} finally {
		await pool.query(`DROP TABLE ${table}`);
		await pool.end();
	}
	await notifications(place);
	await cancelled(place);
	await lost(place);
}

async function values(pool) {
	const at = new Date('2026-01-02T03:04:05.678Z');
	await pool.query(`INSERT INTO ${table} (name, data, at) VALUES ($1, $2, $3)`, ['ä € 𝄞', large, at]);
	const { rows } = await pool.query(`SELECT name, data, at, NULL AS nothing FROM ${table}`);
	assert.equal(rows.length, 1);
	assert.equal(rows[0].name, 'ä € 𝄞');
	assert.ok(large.equals(rows[0].data));
	assert.equal(rows[0].at.getTime(), at.getTime());
	assert.equal(rows[0].nothing, null);
	const typed = await pool.query(
		'SELECT 42 AS number, true AS yes, ARRAY[1, 2] AS list, \'{"a": [1]}\'::jsonb AS json',
	);
	assert.deepEqual(typed.rows[0], { number: 42, yes: true, list: [1, 2], json: { a: [1] } });
}

async function transactions(pool) {
	const client = await pool.connect();
	try {
		await client.query('BEGIN');
		await client.query(`INSERT INTO ${table} (name) VALUES ('gone')`);
		await client.query('ROLLBACK');
		await assert.rejects(client.query(`INSERT INTO ${table} (name) VALUES ('ä € 𝄞')`), { code: '23505' });
		const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
		assert.deepEqual(rows, [{ count: 1 }]);
	} finally {
		client.release();
	}
}

/** Many queries at once on few connections, and one answer of many rows. */
async function many(pool) {
	const query = { name: 'sum', text: 'SELECT $1::int + $2::int AS sum' };
	const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.query({ ...query, values: [i, 1] })));
	assert.deepEqual(
		sums.map(({ rows }) => rows[0].sum),
		sums.map((_, i) => i + 1),
	);
	const { rows } = await pool.query("SELECT i, repeat('x', 100) AS text FROM generate_series(1, 10000) AS i");
	assert.equal(rows.length, 10_000);
	assert.equal(rows.at(-1).i, 10_000);
}

async function notifications(place) {
	const [listener, speaker] = [new pg.Client(place), new pg.Client(place)];
	await Promise.all([listener.connect(), speaker.connect()]);
	await listener.query(`LISTEN ${table}`);
	const heard = once(listener, 'notification');
	await speaker.query(`SELECT pg_notify($1, 'hello')`, [table]);
	assert.equal((await heard)[0].payload, 'hello');
	await Promise.all([listener.end(), speaker.end()]);
}

/** A second connection ends what the first one waits for. */
async function cancelled(place) {
	const [sleeper, other] = [new pg.Client(place), new pg.Client(place)];
	await Promise.all([sleeper.connect(), other.connect()]);
	const { rows } = await sleeper.query('SELECT pg_backend_pid() AS pid');
	const sleeping = assert.rejects(sleeper.query('SELECT pg_sleep(50)'), { code: '57014' });
	let done = false;
	void sleeping.then(() => (done = true));
	while (!done) await other.query('SELECT pg_cancel_backend($1)', [rows[0].pid]);
	await sleeping;
	assert.equal((await sleeper.query('SELECT 1 AS one')).rows[0].one, 1);
	await Promise.all([sleeper.end(), other.end()]);
}

/** The server ends a connection that is in use. */
async function lost(place) {
	const [victim, other] = [new pg.Client(place), new pg.Client(place)];
	await Promise.all([victim.connect(), other.connect()]);
	const { rows } = await victim.query('SELECT pg_backend_pid() AS pid');
	// Not once(): the error, which comes first, would be taken for it.
	const ended = new Promise((resolve) => victim.on('end', resolve));
	const told = new Promise((resolve) => victim.on('error', resolve));
	await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
	assert.equal((await told).code, '57P01');
	await ended;
	await assert.rejects(victim.query('SELECT 1'));
	await other.end();
}

async function refusals() {
	const wrong = new pg.Client({ ...account, host: '127.0.0.1', password: 'wrong' });
	await assert.rejects(wrong.connect(), { code: '28P01' });
	const nobody = new pg.Client({ ...account, host: `${POSTGRES_FOLDER}/not` });
	await assert.rejects(nobody.connect(), { code: 'ENOENT' });
}
