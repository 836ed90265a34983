/*
 * A long stream through an echo server: sends so many megabytes on one connection, half-closes, and reads them back.
 * With --as, through a server of another kind.
 *
 * The stream is made and checked on the way, nothing of it is kept: each 8-byte word is a function of its position
 * alone, so a byte that is lost, doubled, moved or changed is found, and its position is named. For a time at the start
 * nothing is read (--stall), so that a server that ignores backpressure fills its memory.
 *
 *   stream-load --port N [--host ADDRESS] | --path FILE
 *     [--megabytes 1024]    of 1,000,000 bytes
 *     [--as echo]           forward: what goes in at one connection comes out at a second one; sink: the server only
 *                           answers how much it got; source: it is told how much to send, and sends
 *     [--chunk 65536]       what a source repeats
 *     [--stall 300]         milliseconds (other than echo: 0)
 *     [--wait] [--limit SECONDS]    as in echo-load
 *
 * Prints one line of JSON: bytes, seconds, and the FNV-1a checksums (over words) of what went and of what came; those are
 * left out with sink and source, whose generator shall cost little.
 */
#include "common.h"
#include <inttypes.h>
#include <poll.h>

#define BUFFER (256u * 1024)
#define SILENCE_MS 10000
#define WORD sizeof(uint64_t)

static uint64_t outgoing[BUFFER / WORD], incoming[BUFFER / WORD];

/* The word at this position of the stream: splitmix64's mixing function. */
static inline uint64_t word_at(uint64_t position) {
	uint64_t z = (position + 1) * 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline uint64_t mix(uint64_t checksum, uint64_t word) { return (checksum ^ word) * 0x100000001b3u; }

struct stream {
	uint64_t total, made, sent, received;
	uint64_t sent_checksum, received_checksum;
	size_t pending, pending_at; /* of `outgoing`, in bytes */
	size_t partial;             /* bytes of a word that has not come whole, at the start of `incoming` */
	bool ended;
};

static void make_more(struct stream *stream) {
	uint64_t left = stream->total - stream->made;
	size_t length = left < BUFFER ? (size_t)left : BUFFER;
	for (size_t i = 0; i < length / WORD; i++) {
		outgoing[i] = word_at(stream->made / WORD + i);
		stream->sent_checksum = mix(stream->sent_checksum, outgoing[i]);
	}
	stream->made += length;
	stream->pending = length;
	stream->pending_at = 0;
}

/* Returns whether more could be sent when the socket is writable again. */
static bool send_some(struct stream *stream, int fd) {
	for (;;) {
		if (stream->pending_at == stream->pending) {
			if (stream->made == stream->total) break;
			make_more(stream);
		}
		const char *bytes = (const char *)outgoing + stream->pending_at;
		ssize_t sent = send(fd, bytes, stream->pending - stream->pending_at, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR) continue;
		if (sent < 0 && errno == EAGAIN) return true;
		if (sent < 0) fail("send, after %" PRIu64 " bytes: %s", stream->sent, strerror(errno));
		stream->pending_at += (size_t)sent;
		stream->sent += (uint64_t)sent;
	}
	if (shutdown(fd, SHUT_WR) < 0) fail_errno("shutdown");
	return false;
}

static void receive_some(struct stream *stream, int fd) {
	ssize_t got = recv(fd, (char *)incoming + stream->partial, BUFFER - stream->partial, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
	if (got < 0) fail("recv, after %" PRIu64 " bytes: %s", stream->received, strerror(errno));
	if (got == 0) {
		if (stream->received < stream->total) fail("the stream ended after %" PRIu64 " bytes", stream->received);
		stream->ended = true;
		return;
	}
	uint64_t position = (stream->received - stream->partial) / WORD;
	stream->received += (uint64_t)got;
	if (stream->received > stream->sent) fail("the server sent more than it got");
	size_t length = stream->partial + (size_t)got;
	size_t words = length / WORD;
	for (size_t i = 0; i < words; i++) {
		if (incoming[i] != word_at(position + i)) {
			fail("wrong echo in the 8 bytes at %" PRIu64 ": sent %016" PRIx64 ", got %016" PRIx64,
			     (position + i) * WORD, word_at(position + i), incoming[i]);
		}
		stream->received_checksum = mix(stream->received_checksum, incoming[i]);
	}
	stream->partial = length - words * WORD;
	memmove(incoming, incoming + words, stream->partial);
}

__attribute__((noreturn)) static void silent(uint64_t bytes) {
	fail("no answer in %d s, after %" PRIu64 " bytes", SILENCE_MS / 1000, bytes);
}

/* Lets the stream run from one end to the other: often both are one connection. */
static void carry(struct stream *stream, int out, int in, uint64_t stall_ns) {
	uint64_t started = now_ns();
	bool sending = true;
	while (!stream->ended) {
		uint64_t since = now_ns() - started;
		bool stalled = since < stall_ns;
		struct pollfd pollers[] = {
			{.fd = in, .events = stalled ? 0 : POLLIN},
			{.fd = sending ? out : -1, .events = POLLOUT},
		};
		int wait_ms = stalled ? (int)((stall_ns - since) / 1000000) + 1 : SILENCE_MS;
		int ready = poll(pollers, 2, wait_ms);
		if (ready < 0 && errno != EINTR) fail_errno("poll");
		if (ready == 0 && !stalled) silent(stream->received);
		if (ready <= 0) continue;
		if (pollers[0].revents != 0) receive_some(stream, in);
		if (sending && pollers[1].revents != 0) sending = send_some(stream, out);
	}
}

static void wait_for(int fd, short events, uint64_t bytes) {
	struct pollfd poller = {.fd = fd, .events = events};
	int ready;
	while ((ready = poll(&poller, 1, SILENCE_MS)) < 0 && errno == EINTR) {}
	if (ready < 0) fail_errno("poll");
	if (ready == 0) silent(bytes);
}

/* Sends bytes of no meaning and compares the number with the one that the server answers. */
static void fill_sink(int fd, uint64_t total) {
	for (uint64_t sent = 0; sent < total;) {
		size_t length = total - sent < BUFFER ? (size_t)(total - sent) : BUFFER;
		ssize_t now = send(fd, outgoing, length, MSG_NOSIGNAL);
		if (now > 0) sent += (uint64_t)now;
		else if (errno == EAGAIN) wait_for(fd, POLLOUT, sent);
		else if (errno != EINTR) fail("send, after %" PRIu64 " bytes: %s", sent, strerror(errno));
	}
	if (shutdown(fd, SHUT_WR) < 0) fail_errno("shutdown");
	char answer[64];
	size_t length = 0;
	for (;;) {
		wait_for(fd, POLLIN, total);
		ssize_t got = recv(fd, answer + length, sizeof answer - 1 - length, 0);
		if (got < 0 && errno == EAGAIN) continue;
		if (got < 0) fail_errno("recv");
		if (got == 0) break;
		length += (size_t)got;
	}
	answer[length] = '\0';
	if (length == 0 || strtoull(answer, NULL, 10) != total) {
		fail("wrong answer: %" PRIu64 " bytes were sent, the server got \"%s\"", total, answer);
	}
}

/* Asks for so many bytes and compares each with what it has to be. */
static void drain_source(int fd, uint64_t total, size_t chunk) {
	/* The chunk twice: what is received may begin anywhere in it, and is at most one chunk long. */
	char *wanted = malloc(2 * chunk), *buffer = malloc(chunk);
	if (wanted == NULL || buffer == NULL) fail("out of memory");
	for (size_t i = 0; i < chunk; i++) wanted[i] = wanted[chunk + i] = (char)(i * 31 + (i >> 8) * 17);
	dprintf(fd, "%" PRIu64, total);
	for (uint64_t received = 0;;) {
		ssize_t got = recv(fd, buffer, chunk, 0);
		if (got < 0 && errno == EAGAIN) wait_for(fd, POLLIN, received);
		else if (got < 0 && errno != EINTR) fail("recv, after %" PRIu64 " bytes: %s", received, strerror(errno));
		else if (got == 0 && received == total) break;
		else if (got == 0) fail("the stream ended after %" PRIu64 " bytes", received);
		if (got <= 0) continue;
		if (received + (uint64_t)got > total) fail("the server sent more than it was asked for");
		if (memcmp(buffer, wanted + received % chunk, (size_t)got) != 0) {
			fail("wrong bytes between %" PRIu64 " and %" PRIu64, received, received + (uint64_t)got);
		}
		received += (uint64_t)got;
	}
	free(wanted);
	free(buffer);
}

int main(int argc, char **argv) {
	prepare_process();
	struct endpoint end = endpoint_option(argc, argv);
	struct stream stream = {.sent_checksum = 0xcbf29ce484222325u, .received_checksum = 0xcbf29ce484222325u};
	stream.total = (uint64_t)(number_option(argc, argv, "megabytes", 1024) * 1e6) / WORD * WORD;
	const char *kind = option(argc, argv, "as");
	if (kind == NULL) kind = "echo";
	bool echo = strcmp(kind, "echo") == 0, forward = strcmp(kind, "forward") == 0;
	bool sink = strcmp(kind, "sink") == 0, source = strcmp(kind, "source") == 0;
	if (!echo && !forward && !sink && !source) fail("--as wants echo, forward, sink or source");
	uint64_t stall_ns = (uint64_t)(number_option(argc, argv, "stall", echo ? 300 : 0) * 1e6);
	size_t chunk = (size_t)number_option(argc, argv, "chunk", 65536);
	limit_time(number_option(argc, argv, "limit", 600));

	int out = connect_to(&end, 0);
	int in = forward ? connect_to(&end, 1) : out;
	if (option(argc, argv, "wait") != NULL) wait_for_go("ready");

	uint64_t started = now_ns();
	if (sink) fill_sink(out, stream.total);
	else if (source) drain_source(out, stream.total, chunk);
	else carry(&stream, out, in, stall_ns);
	double seconds = (double)(now_ns() - started) / 1e9;
	printf("{\"bytes\":%" PRIu64 ",\"seconds\":%.6f", stream.total, seconds);
	if (echo || forward) {
		printf(",\"sent\":\"%016" PRIx64 "\",\"received\":\"%016" PRIx64 "\"", stream.sent_checksum,
		       stream.received_checksum);
	}
	puts("}");
	return 0;
}
