-- Asks for a source that is new at each request, so that nothing can be answered from memory, and
-- prints what came of it as JSON. Arguments: the path, the number in it, where to count from.
local head, tail, count, base

function init(args)
  local request = wrk.format("GET", args[1])
  local first, last = string.find(request, args[2], 1, true)
  head = string.sub(request, 1, first - 1) .. args[3]
  tail = string.sub(request, last + 1)
  count = 0
end

function request()
  count = count + 1
  return head .. count .. tail
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n@{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"p999":%f,"mean":%f,"max":%f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3,
    latency.mean / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
