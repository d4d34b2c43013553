--[[
Notes who ended a silence before its time; the first stays.
KEYS  1 silences   2 ends   3 ended by
ARGV  1 silence   2 stamp as JSON   3 now, ms
Answers 1, or 0 when there is no such silence.
]]
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  return 0
end
local ends = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or ARGV[3])
if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[2], math.min(ends, tonumber(ARGV[3])), ARGV[1])
end
return 1
