/*
 * A long stream through an echo server: sends so many megabytes on one connection, half-closes, and reads them back.
 *
 * The stream is made and checked on the way, nothing of it is kept: each 8-byte word is a function of its position
 * alone, so a byte that is lost, doubled, moved or changed is found, and its position is named. For a time at the start
 * nothing is read (--stall), so that a server that ignores backpressure fills its memory.
 *
 *   stream-load --port N [--host ADDRESS] | --path FILE
 *     [--megabytes 1024]    of 1,000,000 bytes
 *     [--stall 300]         milliseconds
 *     [--wait] [--limit SECONDS]    as in echo-load
 *
 * Prints one line of JSON: bytes, seconds, and the FNV-1a checksums (over words) of what went and of what came.
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

int main(int argc, char **argv) {
	prepare_process();
	struct endpoint end = endpoint_option(argc, argv);
	struct stream stream = {.sent_checksum = 0xcbf29ce484222325u, .received_checksum = 0xcbf29ce484222325u};
	stream.total = (uint64_t)(number_option(argc, argv, "megabytes", 1024) * 1e6) / WORD * WORD;
	uint64_t stall_ns = (uint64_t)(number_option(argc, argv, "stall", 300) * 1e6);
	limit_time(number_option(argc, argv, "limit", 600));

	int fd = connect_to(&end, 0);
	if (option(argc, argv, "wait") != NULL) wait_for_go("ready");

	uint64_t started = now_ns();
	bool sending = true;
	while (!stream.ended) {
		uint64_t since = now_ns() - started;
		bool stalled = since < stall_ns;
		struct pollfd poller = {.fd = fd, .events = (short)((stalled ? 0 : POLLIN) | (sending ? POLLOUT : 0))};
		int wait_ms = stalled ? (int)((stall_ns - since) / 1000000) + 1 : SILENCE_MS;
		int ready = poll(&poller, 1, wait_ms);
		if (ready < 0 && errno != EINTR) fail_errno("poll");
		if (ready == 0 && !stalled) fail("no answer in %d s, after %" PRIu64 " bytes", SILENCE_MS / 1000, stream.received);
		if (ready <= 0) continue;
		if (poller.revents & ~POLLOUT) receive_some(&stream, fd);
		if (sending && (poller.revents & POLLOUT)) sending = send_some(&stream, fd);
	}
	double seconds = (double)(now_ns() - started) / 1e9;
	printf("{\"bytes\":%" PRIu64 ",\"seconds\":%.6f,\"sent\":\"%016" PRIx64 "\",\"received\":\"%016" PRIx64 "\"}\n",
	       stream.received, seconds, stream.sent_checksum, stream.received_checksum);
	return 0;
}
