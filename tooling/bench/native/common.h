/* What the C programs of the bench share: arguments, time, errors, addresses. */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/* One line on stderr, exit code 1. */
__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

__attribute__((noreturn)) static void fail_errno(const char *what) { fail("%s: %s", what, strerror(errno)); }

/* The value of `--name VALUE`, or NULL; a flag without a value answers "". */
static const char *option(int argc, char **argv, const char *name) {
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0 || strcmp(argv[i] + 2, name) != 0) continue;
		return i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0 ? argv[i + 1] : "";
	}
	return NULL;
}

static inline double number_option(int argc, char **argv, const char *name, double otherwise) {
	const char *text = option(argc, argv, name);
	if (text == NULL) return otherwise;
	char *end;
	double value = strtod(text, &end);
	if (*text == '\0' || *end != '\0' || !(value >= 0)) fail("--%s wants a number that is not negative", name);
	return value;
}

static inline uint64_t now_ns(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Ends with whoever started us, and may open as many descriptors as the hard limit allows. */
static inline void prepare_process(void) {
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void out_of_time(int signal_number) {
	(void)signal_number;
	static const char text[] = "the time limit has passed\n";
	if (write(2, text, sizeof text - 1)) {}
	_exit(1);
}

/* Exits with code 1 after so many seconds, whatever happens. */
static inline void limit_time(double seconds) {
	signal(SIGALRM, out_of_time);
	alarm((unsigned)seconds + 1);
}

static inline void set_nonblocking(int fd) {
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) fail_errno("fcntl");
}

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un path;
	} address;
	socklen_t length;
};

/* From `--path FILE`, or `--host ADDRESS` (127.0.0.1) and `--port N`. */
static inline struct endpoint endpoint_option(int argc, char **argv) {
	struct endpoint end = {0};
	const char *path = option(argc, argv, "path");
	if (path != NULL) {
		if (*path == '\0' || strlen(path) >= sizeof end.address.path.sun_path) fail("--path wants a path that fits");
		end.address.path.sun_family = AF_UNIX;
		strcpy(end.address.path.sun_path, path);
		end.length = sizeof end.address.path;
		return end;
	}
	const char *host = option(argc, argv, "host");
	if (host == NULL) host = "127.0.0.1";
	uint16_t port = htons((uint16_t)number_option(argc, argv, "port", 0));
	if (inet_pton(AF_INET, host, &end.address.v4.sin_addr) == 1) {
		end.address.v4.sin_family = AF_INET;
		end.address.v4.sin_port = port;
		end.length = sizeof end.address.v4;
	} else if (inet_pton(AF_INET6, host, &end.address.v6.sin6_addr) == 1) {
		end.address.v6.sin6_family = AF_INET6;
		end.address.v6.sin6_port = port;
		end.length = sizeof end.address.v6;
	} else {
		fail("--host wants an address in numbers");
	}
	return end;
}

/* One source address has about 28,000 ports, and closed connections hold theirs for a minute: change it now and then. */
#define CONNECTIONS_PER_SOURCE 5000
/* Indexes below this have source addresses in 127.0.0.0/16. */
#define SOURCES_PERIOD (200u * CONNECTIONS_PER_SOURCE)

/* A socket for the index-th connection: from an address that has ports left. */
static inline int socket_for(const struct endpoint *end, unsigned index, int flags) {
	int fd = socket(end->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0) fail_errno("socket");
	int on = 1;
	if (end->address.any.sa_family == AF_INET && (ntohl(end->address.v4.sin_addr.s_addr) >> 24) == 127 &&
	    index >= CONNECTIONS_PER_SOURCE) {
		struct sockaddr_in source = {.sin_family = AF_INET};
		source.sin_addr.s_addr = htonl(0x7f000001u + index / CONNECTIONS_PER_SOURCE);
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
		if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0) fail_errno("bind");
	}
	if (end->address.any.sa_family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

/* Connects the index-th connection, blocking, and leaves it non-blocking without Nagle's delay. */
static inline int connect_to(const struct endpoint *end, unsigned index) {
	int fd = socket_for(end, index, 0);
	if (connect(fd, &end->address.any, end->length) < 0) fail_errno("connect");
	set_nonblocking(fd);
	return fd;
}

/* Begins to connect it; it is writable when it is connected or has failed. */
static inline int start_to_connect(const struct endpoint *end, unsigned index) {
	int fd = socket_for(end, index, SOCK_NONBLOCK);
	if (connect(fd, &end->address.any, end->length) < 0 && errno != EINPROGRESS) fail_errno("connect");
	return fd;
}

/* Says so, and waits for a line on stdin. */
static inline void wait_for_go(const char *what) {
	char line[64];
	printf("%s\n", what);
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL) exit(1);
}

#endif
