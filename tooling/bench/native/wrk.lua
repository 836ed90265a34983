-- Has wrk print one line of JSON: latencies in microseconds, and what went wrong.
-- A function of the name `response` would make wrk parse headers for it and slow it down, so that a body is not looked at;
-- an answer that is no whole HTTP response is an error of reading.
function done(summary, latency)
	local errors = summary.errors
	print(string.format('{"requests":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d,"wrong":%d}',
		summary.requests, latency:percentile(50), latency:percentile(99), latency.max,
		errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
