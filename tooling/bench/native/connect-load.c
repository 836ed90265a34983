/*
 * Load by connections: each is opened, sends a message and reads its echo, half-closes, waits for the server's end and
 * closes; then the next one takes its place.
 *
 *   connect-load --port N [--host ADDRESS] | --path FILE
 *     [--connections 20]                  under way at once
 *     [--size 64]                         bytes of the message; 0: none is sent
 *     [--warmup SECONDS] [--seconds S | --messages TOTAL] [--wait] [--limit SECONDS]    as in echo-load
 *
 * Prints one line of JSON; latency, in microseconds, is from connect to the last byte of the echo (without a message: to
 * the server's end). A wrong echo, a connection that is refused or reset, five silent seconds: exit code 1.
 */
#include "common.h"
#include "histogram.h"

#define EVENTS 256
#define SILENCE_MS 5000
#define BIGGEST 65536u

enum state { CONNECTING, ECHOING, ENDING };

struct connection {
	int fd;
	enum state state;
	uint64_t started;
	size_t received;
};

static char message[BIGGEST], buffer[BIGGEST];
static struct histogram histogram;
static struct endpoint end;
static size_t size;
static int selector;
static uint64_t deadline, budget, opened, completed;
static unsigned under_way;
static bool measuring;

static void open_next(struct connection *connection, uint64_t now) {
	if (budget == 0 || (deadline != 0 && now >= deadline)) return;
	budget--;
	under_way++;
	connection->state = CONNECTING;
	connection->received = 0;
	connection->started = now_ns();
	connection->fd = start_to_connect(&end, (unsigned)(opened++ % SOURCES_PERIOD));
	struct epoll_event event = {.events = EPOLLOUT, .data.ptr = connection};
	if (epoll_ctl(selector, EPOLL_CTL_ADD, connection->fd, &event) < 0) fail_errno("epoll_ctl");
}

static void half_close(struct connection *connection) {
	connection->state = ENDING;
	if (shutdown(connection->fd, SHUT_WR) < 0) fail_errno("shutdown");
}

static void finish_connecting(struct connection *connection) {
	int error = 0;
	socklen_t length = sizeof error;
	if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) fail_errno("getsockopt");
	if (error != 0) fail("connect: %s", strerror(error));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
	if (epoll_ctl(selector, EPOLL_CTL_MOD, connection->fd, &event) < 0) fail_errno("epoll_ctl");
	if (size == 0) return half_close(connection);
	connection->state = ECHOING;
	if (send(connection->fd, message, size, MSG_NOSIGNAL) != (ssize_t)size) fail_errno("send");
}

static void finish(struct connection *connection) {
	close(connection->fd);
	under_way--;
	completed++;
	open_next(connection, now_ns());
}

static void receive(struct connection *connection) {
	ssize_t got = recv(connection->fd, buffer, sizeof buffer, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (got < 0) fail("recv: %s", strerror(errno));
	if (got == 0 && connection->state == ECHOING) fail("the server closed a connection before its echo");
	if (got == 0) {
		if (measuring && size == 0) record(&histogram, now_ns() - connection->started);
		return finish(connection);
	}
	if (connection->received + (size_t)got > size) fail("the server sent more than it got");
	if (memcmp(buffer, message + connection->received, (size_t)got) != 0) fail("wrong echo");
	connection->received += (size_t)got;
	if (connection->received < size) return;
	if (measuring) record(&histogram, now_ns() - connection->started);
	half_close(connection);
}

static void load(struct connection *connections, unsigned count, double seconds, uint64_t messages) {
	uint64_t now = now_ns();
	completed = 0;
	deadline = seconds > 0 ? now + (uint64_t)(seconds * 1e9) : 0;
	budget = deadline != 0 ? UINT64_MAX : messages;
	for (unsigned i = 0; i < count; i++) open_next(&connections[i], now);
	struct epoll_event events[EVENTS];
	while (under_way > 0) {
		int ready = epoll_wait(selector, events, EVENTS, SILENCE_MS);
		if (ready < 0 && errno == EINTR) continue;
		if (ready < 0) fail_errno("epoll_wait");
		if (ready == 0) fail("no answer in %d s, %u connections are open", SILENCE_MS / 1000, under_way);
		for (int i = 0; i < ready; i++) {
			struct connection *connection = events[i].data.ptr;
			if (connection->state == CONNECTING) finish_connecting(connection);
			else receive(connection);
		}
	}
}

int main(int argc, char **argv) {
	prepare_process();
	end = endpoint_option(argc, argv);
	unsigned count = (unsigned)number_option(argc, argv, "connections", 20);
	size = (size_t)number_option(argc, argv, "size", 64);
	if (count == 0 || size > BIGGEST) fail("--connections wants at least 1, --size at most %u", BIGGEST);
	double warmup = number_option(argc, argv, "warmup", 0);
	uint64_t messages = (uint64_t)number_option(argc, argv, "messages", 0);
	double seconds = number_option(argc, argv, "seconds", option(argc, argv, "messages") != NULL ? 0 : 1);
	limit_time(number_option(argc, argv, "limit", warmup + seconds + 60));

	for (size_t i = 0; i < size; i++) message[i] = (char)(i * 31 + 7);
	selector = epoll_create1(EPOLL_CLOEXEC);
	struct connection *connections = calloc(count, sizeof *connections);
	if (selector < 0 || connections == NULL) fail("out of memory");

	if (warmup > 0) load(connections, count, warmup, 0);
	if (option(argc, argv, "wait") != NULL) wait_for_go("ready");
	measuring = true;
	uint64_t started = now_ns();
	load(connections, count, seconds, messages);
	double elapsed = (double)(now_ns() - started) / 1e9;

	printf("{\"connections\":%u,\"size\":%zu,\"seconds\":%.6f,\"messages\":%" PRIu64 ",", count, size, elapsed, completed);
	print_histogram(&histogram);
	puts("}");
	return 0;
}
