/*
 * Load for an echo server: N connections in a closed loop. Each sends a message, waits for its echo, and sends again;
 * with --depth D, D messages are on the way at once. Every byte that comes back is compared with what was sent.
 *
 *   echo-load --port N [--host ADDRESS] | --path FILE
 *     [--connections 50] [--size 64] [--depth 1]
 *     [--warmup SECONDS]                  load that is not measured
 *     [--seconds S | --messages TOTAL]    the measured load; it ends when the last echo is there
 *     [--wait]                            prints `ready` before the measured load and waits for a line on stdin
 *     [--limit SECONDS]                   exits with code 1 after that time, whatever happens
 *   echo-load --histogram                 reads nanoseconds from stdin and prints their percentiles
 *
 * Prints one line of JSON, latencies in microseconds. A wrong echo, a lost connection or five silent seconds: exit code 1.
 */
#include "common.h"
#include "histogram.h"

#define EVENTS 256
#define SILENCE_MS 5000
/* The stream of a connection is this table over and over; a prime length, so that no message repeats its neighbour. */
#define PERIOD 65521u
#define BUFFER (256u * 1024)

struct connection {
	int fd;
	bool waits_to_send;
	uint64_t offset;          /* where in the table the stream starts: no two connections agree */
	uint64_t wanted, sent;    /* bytes to be sent so far, bytes sent */
	uint64_t received, done;  /* bytes that came back, messages that came back whole */
	uint64_t budget;          /* messages that may still be started */
	uint64_t *stamps;         /* when message i was started, at i % depth */
};

static char table[PERIOD + BUFFER];
static char buffer[BUFFER];
static struct connection *connections;
static struct histogram histogram;
static unsigned count;
static uint64_t size, depth;
static int selector;
static uint64_t deadline; /* 0: the budgets decide */
static uint64_t under_way, completed;
static bool measuring;

static void fill_table(void) {
	uint64_t state = 0x9e3779b97f4a7c15u;
	for (unsigned i = 0; i < PERIOD; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		table[i] = (char)(state >> 32);
	}
	for (unsigned i = PERIOD; i < sizeof table; i++) table[i] = table[i - PERIOD];
}

static void watch(struct connection *connection, int operation, uint32_t events) {
	struct epoll_event event = {.events = events, .data.ptr = connection};
	if (epoll_ctl(selector, operation, connection->fd, &event) < 0) fail_errno("epoll_ctl");
}

static unsigned index_of(const struct connection *connection) { return (unsigned)(connection - connections); }

static void wait_to_send(struct connection *connection, bool on) {
	if (connection->waits_to_send == on) return;
	connection->waits_to_send = on;
	watch(connection, EPOLL_CTL_MOD, on ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void push(struct connection *connection) {
	while (connection->sent < connection->wanted) {
		uint64_t length = connection->wanted - connection->sent;
		if (length > BUFFER) length = BUFFER;
		const char *bytes = table + (connection->offset + connection->sent) % PERIOD;
		ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR) continue;
		if (sent < 0 && errno == EAGAIN) return wait_to_send(connection, true);
		if (sent < 0) fail("connection %u: send: %s", index_of(connection), strerror(errno));
		connection->sent += (uint64_t)sent;
	}
	wait_to_send(connection, false);
}

/* Starts as many messages as depth, budget and deadline allow. */
static void start_messages(struct connection *connection, uint64_t now) {
	uint64_t started = connection->wanted / size;
	while (started - connection->done < depth && connection->budget > 0 && (deadline == 0 || now < deadline)) {
		connection->stamps[started++ % depth] = now;
		connection->wanted += size;
		connection->budget--;
		under_way++;
	}
	if (connection->sent < connection->wanted) push(connection);
}

__attribute__((noreturn)) static void report_wrong(struct connection *connection, const char *wanted, size_t length) {
	size_t at = 0;
	while (at < length && buffer[at] == wanted[at]) at++;
	fail("wrong echo on connection %u at byte %" PRIu64 ": sent 0x%02x, got 0x%02x", index_of(connection),
	     connection->received + at, (unsigned char)wanted[at], (unsigned char)buffer[at]);
}

static void receive(struct connection *connection) {
	ssize_t got = recv(connection->fd, buffer, BUFFER, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (got < 0) fail("connection %u: recv: %s", index_of(connection), strerror(errno));
	if (got == 0) fail("connection %u: the server closed it", index_of(connection));
	if (connection->received + (uint64_t)got > connection->sent) {
		fail("connection %u: the server sent more than it got", index_of(connection));
	}
	const char *wanted = table + (connection->offset + connection->received) % PERIOD;
	if (memcmp(buffer, wanted, (size_t)got) != 0) report_wrong(connection, wanted, (size_t)got);
	connection->received += (uint64_t)got;

	uint64_t whole = connection->received / size;
	if (whole == connection->done) return;
	uint64_t now = now_ns();
	for (; connection->done < whole; connection->done++) {
		under_way--;
		completed++;
		if (measuring) record(&histogram, now - connection->stamps[connection->done % depth]);
	}
	start_messages(connection, now);
}

/* Load for that time, or `messages` in all (seconds 0); returns when all echoes are there. */
static void load(double seconds, uint64_t messages) {
	uint64_t now = now_ns();
	completed = 0;
	deadline = seconds > 0 ? now + (uint64_t)(seconds * 1e9) : 0;
	for (unsigned i = 0; i < count; i++) {
		connections[i].budget = deadline != 0 ? UINT64_MAX : messages / count + (i < messages % count);
		start_messages(&connections[i], now);
	}
	struct epoll_event events[EVENTS];
	while (under_way > 0) {
		int ready = epoll_wait(selector, events, EVENTS, SILENCE_MS);
		if (ready < 0 && errno == EINTR) continue;
		if (ready < 0) fail_errno("epoll_wait");
		if (ready == 0) fail("no answer in %d s, %" PRIu64 " messages are missing", SILENCE_MS / 1000, under_way);
		for (int i = 0; i < ready; i++) {
			struct connection *connection = events[i].data.ptr;
			if (events[i].events & EPOLLOUT) push(connection);
			if (events[i].events & ~(uint32_t)EPOLLOUT) receive(connection);
		}
	}
}

static void read_histogram(void) {
	uint64_t value;
	while (scanf("%" SCNu64, &value) == 1) record(&histogram, value);
	printf("{\"count\":%" PRIu64 ",", histogram.count);
	print_histogram(&histogram);
	puts("}");
}

int main(int argc, char **argv) {
	prepare_process();
	if (option(argc, argv, "histogram") != NULL) {
		read_histogram();
		return 0;
	}
	struct endpoint end = endpoint_option(argc, argv);
	count = (unsigned)number_option(argc, argv, "connections", 50);
	size = (uint64_t)number_option(argc, argv, "size", 64);
	depth = (uint64_t)number_option(argc, argv, "depth", 1);
	if (count == 0 || size == 0 || depth == 0) fail("--connections, --size and --depth want at least 1");
	double warmup = number_option(argc, argv, "warmup", 0);
	uint64_t messages = (uint64_t)number_option(argc, argv, "messages", 0);
	double seconds = number_option(argc, argv, "seconds", option(argc, argv, "messages") != NULL ? 0 : 1);
	limit_time(number_option(argc, argv, "limit", warmup + seconds + 60));

	fill_table();
	selector = epoll_create1(EPOLL_CLOEXEC);
	connections = calloc(count, sizeof *connections);
	uint64_t *stamps = calloc((size_t)count * depth, sizeof *stamps);
	if (selector < 0 || connections == NULL || stamps == NULL) fail("out of memory");
	for (unsigned i = 0; i < count; i++) {
		connections[i].stamps = stamps + (size_t)i * depth;
		connections[i].offset = (uint64_t)i * 977;
		connections[i].fd = connect_to(&end, i);
		watch(&connections[i], EPOLL_CTL_ADD, EPOLLIN);
	}

	if (warmup > 0) load(warmup, 0);
	if (option(argc, argv, "wait") != NULL) wait_for_go("ready");
	measuring = true;
	uint64_t started = now_ns();
	load(seconds, messages);
	double elapsed = (double)(now_ns() - started) / 1e9;

	printf("{\"connections\":%u,\"size\":%" PRIu64 ",\"depth\":%" PRIu64 ",\"seconds\":%.6f,\"messages\":%" PRIu64
	       ",\"megabytes\":%.3f,", count, size, depth, elapsed, completed, (double)(completed * size) / 1e6);
	print_histogram(&histogram);
	puts("}");
	return 0;
}
