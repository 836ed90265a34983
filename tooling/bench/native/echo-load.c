/*
 * Load for an echo server: N connections in a closed loop. Each sends a message, waits for its echo, and sends again;
 * with --depth D, D messages are on the way at once. Every byte that comes back is compared with what was sent.
 *
 *   echo-load --port N [--host ADDRESS] | --path FILE
 *     [--connections 50] [--size 64] [--depth 1]
 *     [--copies 1]                        the server sends each message back so many times (with --depth 1)
 *     [--rate R]                          an open loop instead: R messages a second, all connections together
 *     [--warmup SECONDS]                  load that is not measured
 *     [--seconds S | --messages TOTAL]    the measured load; it ends when the last echo is there
 *     [--wait]                            prints `ready` before the measured load and waits for a line on stdin
 *     [--limit SECONDS]                   exits with code 1 after that time, whatever happens
 *   echo-load --histogram                 reads nanoseconds from stdin and prints their percentiles
 *
 * In an open loop messages have times at which they are due, whatever the server does, and latency counts from then: what
 * waits behind a slow answer is late as well. It ends when the last echo is there, or a second after the time is over.
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
	uint64_t *stamps;         /* when message i was started, at i % depth; in an open loop that is computed */
	uint64_t first;           /* the message with which the present load began */
};

static char table[PERIOD + BUFFER];
static char buffer[BUFFER];
static struct connection *connections;
static struct histogram histogram;
static unsigned count;
static uint64_t size, depth, copies;
static double interval; /* ns between two messages of an open loop, 0: a closed loop */
static uint64_t begin;
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

__attribute__((noreturn)) static void report_wrong(struct connection *connection, size_t at, const char *wanted) {
	while (buffer[at] == *wanted) at++, wanted++;
	fail("wrong echo on connection %u at byte %" PRIu64 ": sent 0x%02x, got 0x%02x", index_of(connection),
	     connection->received + at, (unsigned char)*wanted, (unsigned char)buffer[at]);
}

/* Compares what was received with what was sent: message after message, each so many times. */
static void compare(struct connection *connection, size_t got) {
	size_t length = got;
	for (size_t at = 0; at < got; at += length) {
		uint64_t position = connection->received + at;
		length = got - at;
		if (copies > 1) {
			uint64_t inside = position % size;
			if (length > size - inside) length = size - inside;
			position = position / (size * copies) * size + inside;
		}
		const char *wanted = table + (connection->offset + position) % PERIOD;
		if (memcmp(buffer + at, wanted, length) != 0) report_wrong(connection, at, wanted);
	}
}

/* When this message of an open loop is due: connections take turns. */
static uint64_t due_time(const struct connection *connection, uint64_t message) {
	return begin + (uint64_t)((double)((message - connection->first) * count + index_of(connection)) * interval);
}

static void receive(struct connection *connection) {
	ssize_t got = recv(connection->fd, buffer, BUFFER, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (got < 0) fail("connection %u: recv: %s", index_of(connection), strerror(errno));
	if (got == 0) fail("connection %u: the server closed it", index_of(connection));
	if (connection->received + (uint64_t)got > connection->sent * copies) {
		fail("connection %u: the server sent more than it got", index_of(connection));
	}
	compare(connection, (size_t)got);
	connection->received += (uint64_t)got;

	uint64_t whole = connection->received / (size * copies);
	if (whole == connection->done) return;
	uint64_t now = now_ns();
	for (; connection->done < whole; connection->done++) {
		under_way--;
		completed++;
		if (!measuring) continue;
		uint64_t start = interval > 0 ? due_time(connection, connection->done) : connection->stamps[connection->done % depth];
		record(&histogram, now - start);
	}
	start_messages(connection, now);
}

/* Lets the messages of an open loop start that are due. Returns whether more will be. */
static bool start_due(uint64_t *next, uint64_t end) {
	uint64_t now = now_ns();
	for (;; ++*next) {
		uint64_t due = begin + (uint64_t)((double)*next * interval);
		if (due > now || due >= end) break;
		struct connection *connection = &connections[*next % count];
		connection->budget++;
		if (now < end) start_messages(connection, now);
	}
	if (now < end) return true;
	/* What could not be started in its time is as late as it is by now, at least. */
	for (unsigned i = 0; i < count; i++) {
		uint64_t message = connections[i].wanted / size;
		for (; connections[i].budget > 0; connections[i].budget--, message++) {
			if (measuring) record(&histogram, now - due_time(&connections[i], message));
		}
	}
	return false;
}

/* epoll knows milliseconds; what is shorter is spent asking it again and again. */
static int milliseconds_until(double due) {
	double left = due - (double)now_ns();
	return left > 0 ? (int)(left / 1e6) : 0;
}

/* Load for that time, or `messages` in all (seconds 0); returns when all echoes are there. */
static void load(double seconds, uint64_t messages) {
	begin = now_ns();
	completed = 0;
	bool more_due = interval > 0;
	uint64_t next = 0, end = begin + (uint64_t)(seconds * 1e9);
	deadline = seconds > 0 && !more_due ? end : 0;
	for (unsigned i = 0; i < count; i++) {
		connections[i].first = connections[i].done;
		connections[i].budget = more_due ? 0 : deadline != 0 ? UINT64_MAX : messages / count + (i < messages % count);
		start_messages(&connections[i], begin);
	}
	struct epoll_event events[EVENTS];
	for (;;) {
		if (more_due) more_due = start_due(&next, end);
		if (under_way == 0 && !more_due) return;
		int timeout = more_due ? milliseconds_until((double)begin + (double)next * interval) : SILENCE_MS;
		int ready = epoll_wait(selector, events, EVENTS, timeout);
		if (ready < 0 && errno == EINTR) continue;
		if (ready < 0) fail_errno("epoll_wait");
		if (ready == 0 && !more_due) {
			fail("no answer in %d s, %" PRIu64 " messages are missing", SILENCE_MS / 1000, under_way);
		}
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
	copies = (uint64_t)number_option(argc, argv, "copies", 1);
	if (count == 0 || size == 0 || depth == 0 || copies == 0) {
		fail("--connections, --size, --depth and --copies want at least 1");
	}
	if (copies > 1 && depth > 1) fail("--copies goes with --depth 1");
	double rate = number_option(argc, argv, "rate", 0);
	interval = rate > 0 ? 1e9 / rate : 0;
	double warmup = number_option(argc, argv, "warmup", 0);
	uint64_t messages = (uint64_t)number_option(argc, argv, "messages", 0);
	double seconds = number_option(argc, argv, "seconds", option(argc, argv, "messages") != NULL ? 0 : 1);
	if (interval > 0 && seconds == 0) fail("--rate wants --seconds");
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
