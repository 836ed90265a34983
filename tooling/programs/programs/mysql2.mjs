/** MariaDB by mysql2: a password, a pool, types, prepared statements, transactions, streams, large rows, errors; TCP and Unix. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import plain from 'mysql2';
import mysql from 'mysql2/promise';

const { MARIADB_PORT, MARIADB_PATH, MARIADB_USER, MARIADB_PASSWORD, MARIADB_DATABASE } = process.env;
const account = { user: MARIADB_USER, password: MARIADB_PASSWORD, database: MARIADB_DATABASE };
const large = randomBytes(1_000_000);
const table = `mysql2_${process.pid}`;

await talk({ ...account, host: '127.0.0.1', port: Number(MARIADB_PORT) });
await talk({ ...account, socketPath: MARIADB_PATH });
await refusals();
console.log('ok: over TCP and over a Unix socket');

async function talk(place) {
	const pool = mysql.createPool({ ...place, connectionLimit: 4, timezone: 'Z' });
	await pool.query(
		`CREATE TABLE ${table} (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) UNIQUE, data LONGBLOB, at DATETIME(3))`,
	);
	try {
		await values(pool);
		await transactions(pool);
		await many(pool);
	} finally {
		await pool.query(`DROP TABLE ${table}`);
		await pool.end();
	}
	await streamed(place);
	await lost(place);
}

async function values(pool) {
	const at = new Date('2026-01-02T03:04:05.678Z');
	const [{ affectedRows }] = await pool.execute(`INSERT INTO ${table} (name, data, at) VALUES (?, ?, ?)`, [
		'ä € 𝄞',
		large,
		at,
	]);
	assert.equal(affectedRows, 1);
	for (const ask of ['query', 'execute']) {
		const [rows] = await pool[ask](`SELECT name, data, at, NULL AS nothing FROM ${table}`);
		assert.equal(rows.length, 1);
		assert.equal(rows[0].name, 'ä € 𝄞');
		assert.ok(large.equals(rows[0].data));
		assert.equal(rows[0].at.getTime(), at.getTime());
		assert.equal(rows[0].nothing, null);
	}
}

async function transactions(pool) {
	const connection = await pool.getConnection();
	try {
		await connection.beginTransaction();
		await connection.query(`INSERT INTO ${table} (name) VALUES ('gone')`);
		await connection.rollback();
		await assert.rejects(connection.query(`INSERT INTO ${table} (name) VALUES ('ä € 𝄞')`), { code: 'ER_DUP_ENTRY' });
		const [rows] = await connection.query(`SELECT count(*) AS count FROM ${table}`);
		assert.equal(rows[0].count, 1);
	} finally {
		connection.release();
	}
}

/** Many queries at once on few connections, and one answer of many rows. */
async function many(pool) {
	const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.execute('SELECT ? + 1 AS sum', [i])));
	assert.deepEqual(
		sums.map(([rows]) => Number(rows[0].sum)),
		sums.map((_, i) => i + 1),
	);
	const [rows] = await pool.query("SELECT seq, REPEAT('x', 100) AS text FROM seq_1_to_10000");
	assert.equal(rows.length, 10_000);
	assert.equal(Number(rows.at(-1).seq), 10_000);
}

/** Rows one by one, with a reader that is slower than the server. */
async function streamed(place) {
	const connection = plain.createConnection(place);
	let sum = 0;
	for await (const { seq, text } of connection
		.query("SELECT seq, REPEAT('x', 1000) AS text FROM seq_1_to_2000")
		.stream()) {
		assert.equal(text.length, 1000);
		sum += Number(seq);
		if (sum % 64 === 0) await new Promise(setImmediate);
	}
	assert.equal(sum, 2_001_000);
	await connection.promise().end();
}

/** The server ends a connection. */
async function lost(place) {
	const [victim, other] = [plain.createConnection(place), await mysql.createConnection(place)];
	const [rows] = await victim.promise().query('SELECT CONNECTION_ID() AS id');
	const told = once(victim, 'error');
	await other.query(`KILL ${rows[0].id}`);
	assert.equal((await told)[0].code, 'PROTOCOL_CONNECTION_LOST');
	await other.end();
}

async function refusals() {
	const wrong = { ...account, password: 'wrong', host: '127.0.0.1', port: Number(MARIADB_PORT) };
	await assert.rejects(mysql.createConnection(wrong), { code: 'ER_ACCESS_DENIED_ERROR' });
	await assert.rejects(mysql.createConnection({ ...account, socketPath: `${MARIADB_PATH}.not` }), { code: 'ENOENT' });
}
