/* A histogram of nanoseconds with 64 buckets a power of two: a percentile is at most 1.6 % too high. */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#define SUB_BITS 6
#define SUB_BUCKETS (1u << SUB_BITS)
#define BUCKETS ((64 - SUB_BITS + 1) * SUB_BUCKETS)

struct histogram {
	uint64_t count, maximum;
	uint64_t buckets[BUCKETS];
};

static inline unsigned bucket_of(uint64_t value) {
	if (value < SUB_BUCKETS) return (unsigned)value;
	unsigned shift = 63u - (unsigned)__builtin_clzll(value) - SUB_BITS;
	return SUB_BUCKETS * (shift + 1) + (unsigned)((value >> shift) - SUB_BUCKETS);
}

/* The largest value that falls into the bucket. */
static inline uint64_t bucket_top(unsigned bucket) {
	if (bucket < SUB_BUCKETS) return bucket;
	unsigned shift = bucket / SUB_BUCKETS - 1;
	return (((uint64_t)(bucket % SUB_BUCKETS) + SUB_BUCKETS + 1) << shift) - 1;
}

static inline void record(struct histogram *histogram, uint64_t value) {
	histogram->buckets[bucket_of(value)]++;
	histogram->count++;
	if (value > histogram->maximum) histogram->maximum = value;
}

/* The smallest bucket top that at least `share` of the values do not exceed; 0 without values. */
static inline uint64_t percentile(const struct histogram *histogram, double share) {
	double wanted = share * (double)histogram->count;
	uint64_t seen = 0;
	for (unsigned i = 0; i < BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen > 0 && (double)seen >= wanted) {
			uint64_t top = bucket_top(i);
			return top < histogram->maximum ? top : histogram->maximum;
		}
	}
	return histogram->maximum;
}

/* "p50":…,"p99":…,"max":… in microseconds and "histogram":[[top in ns, count], …] of the buckets that are not empty. */
static inline void print_histogram(const struct histogram *histogram) {
	printf("\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"histogram\":[", (double)percentile(histogram, 0.5) / 1000,
	       (double)percentile(histogram, 0.99) / 1000, (double)histogram->maximum / 1000);
	const char *separator = "";
	for (unsigned i = 0; i < BUCKETS; i++) {
		if (histogram->buckets[i] == 0) continue;
		printf("%s[%" PRIu64 ",%" PRIu64 "]", separator, bucket_top(i), histogram->buckets[i]);
		separator = ",";
	}
	printf("]");
}

#endif
