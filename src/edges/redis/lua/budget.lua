--[[
Takes one message out of the budget of a destination: a bucket that fills by one every so many ms, by the clock of Redis, which all
replicas share. Whoever is less urgent leaves some for the others. The monthly quota is of the whole channel, so it is asked for
separately (take-quota.lua), on another node perhaps.
KEYS  1 bucket (hash: tokens, atMs)
ARGV  1 messages in a burst   2 ms for one more   3 messages to leave over
Answers 0 when taken, else the ms to wait.
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local burst, every, spare = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'atMs')
local tokens, at = tonumber(kept[1] or burst), tonumber(kept[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) / every)
local missing = 1 + spare - tokens
if missing > 0.000001 then
  return math.ceil(missing * every)
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'atMs', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * every) + 1000)
return 0
