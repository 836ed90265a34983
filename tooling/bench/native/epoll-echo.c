/*
 * The floor: an echo server in plain C. One thread, one epoll, level-triggered, one recv and one send an event.
 *
 * It answers one connection after another (recv, send, next event), not all receives before all sends. What the kernel
 * does not take at once is kept, and the connection is not read until it has gone: memory stays flat whatever comes.
 *
 *   epoll-echo [--path FILE | --host ADDRESS --port N]      prints {"port":N}; ends when stdin does
 *     [--copies 1]    sends so many of what it got, by one send
 */
#include "common.h"
#include <sys/stat.h>

#define EVENTS 256
#define BUFFER 65536

/* What could not be sent yet; NULL for nearly all connections nearly always. */
struct rest {
	size_t length, sent;
	char bytes[];
};

static struct rest **rests; /* by descriptor */
static size_t capacity;
static int selector;
static size_t copies;
static char buffer[BUFFER];

static void watch(int operation, int fd, uint32_t events) {
	struct epoll_event event = {.events = events, .data.fd = fd};
	if (epoll_ctl(selector, operation, fd, &event) < 0) fail_errno("epoll_ctl");
}

static void drop(int fd) {
	free(rests[fd]);
	rests[fd] = NULL;
	close(fd);
}

static void accept_one(int listener) {
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) return;
	if ((size_t)fd >= capacity) {
		close(fd);
		return;
	}
	watch(EPOLL_CTL_ADD, fd, EPOLLIN);
}

static void keep(int fd, const char *bytes, size_t length) {
	struct rest *rest = malloc(sizeof *rest + length);
	if (rest == NULL) return drop(fd);
	rest->length = length;
	rest->sent = 0;
	memcpy(rest->bytes, bytes, length);
	rests[fd] = rest;
	watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static void echo(int fd) {
	ssize_t received = recv(fd, buffer, sizeof buffer / copies, 0);
	if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (received <= 0) return drop(fd);
	for (size_t i = 1; i < copies; i++) memcpy(buffer + i * (size_t)received, buffer, (size_t)received);
	received *= (ssize_t)copies;
	ssize_t sent = send(fd, buffer, (size_t)received, MSG_NOSIGNAL);
	if (sent == received) return;
	if (sent < 0 && errno != EAGAIN && errno != EINTR) return drop(fd);
	if (sent < 0) sent = 0;
	keep(fd, buffer + sent, (size_t)(received - sent));
}

static void send_rest(int fd) {
	struct rest *rest = rests[fd];
	ssize_t sent = send(fd, rest->bytes + rest->sent, rest->length - rest->sent, MSG_NOSIGNAL);
	if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (sent < 0) return drop(fd);
	rest->sent += (size_t)sent;
	if (rest->sent < rest->length) return;
	free(rest);
	rests[fd] = NULL;
	watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

/* An empty line or a command gets an empty answer; the end of stdin ends the server. */
static void obey(void) {
	char line[256];
	if (read(0, line, sizeof line) <= 0) exit(0);
	puts("{}");
	fflush(stdout);
}

int main(int argc, char **argv) {
	prepare_process();
	struct endpoint end = endpoint_option(argc, argv);
	copies = (size_t)number_option(argc, argv, "copies", 1);
	if (copies == 0 || copies > BUFFER) fail("--copies wants 1 to %d", BUFFER);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0) fail_errno("getrlimit");
	capacity = limit.rlim_cur > 1u << 20 ? 1u << 20 : (size_t)limit.rlim_cur;
	rests = calloc(capacity, sizeof *rests);
	if (rests == NULL) fail("out of memory");

	int listener = socket(end.address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener < 0) fail_errno("socket");
	int on = 1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, &end.address.any, end.length) < 0) fail_errno("bind");
	if (listen(listener, 4096) < 0) fail_errno("listen");
	if (getsockname(listener, &end.address.any, &end.length) < 0) fail_errno("getsockname");
	bool local = end.address.any.sa_family == AF_UNIX;
	printf("{\"port\":%d}\n", local ? 0 : ntohs(end.address.v4.sin_port));
	fflush(stdout);

	selector = epoll_create1(EPOLL_CLOEXEC);
	if (selector < 0) fail_errno("epoll_create1");
	watch(EPOLL_CTL_ADD, listener, EPOLLIN);
	/* stdin can be a file or /dev/null when run by hand; those have no end to wait for. */
	struct stat stdin_kind;
	if (fstat(0, &stdin_kind) == 0 && (S_ISFIFO(stdin_kind.st_mode) || S_ISSOCK(stdin_kind.st_mode))) {
		watch(EPOLL_CTL_ADD, 0, EPOLLIN);
	}

	struct epoll_event events[EVENTS];
	for (;;) {
		int count = epoll_wait(selector, events, EVENTS, -1);
		if (count < 0 && errno != EINTR) fail_errno("epoll_wait");
		for (int i = 0; i < count; i++) {
			int fd = events[i].data.fd;
			if (fd == listener) accept_one(listener);
			else if (fd == 0) obey();
			else if (rests[fd] != NULL) send_rest(fd);
			else echo(fd);
		}
	}
}
