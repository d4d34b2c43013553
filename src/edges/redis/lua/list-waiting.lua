--[[
What is ripe at a destination, most urgent first.
KEYS  1-3 lanes, most urgent first   4 waiting   5 counter
ARGV  1 now, ms   2 how many at most
Answers {counter, ms of the next that is not ripe yet or '', thing, entry, thing, entry, ...}.
]]
local answer = { redis.call('GET', KEYS[5]) or '0', '' }
local left = tonumber(ARGV[2])
local next_ms
for lane = 1, 3 do
  if left > 0 then
    local things = redis.call('ZRANGEBYSCORE', KEYS[lane], '-inf', ARGV[1], 'LIMIT', 0, left)
    for _, thing in ipairs(things) do
      answer[#answer + 1] = thing
      answer[#answer + 1] = redis.call('HGET', KEYS[4], thing) or ''
      left = left - 1
    end
  end
  local later = redis.call('ZRANGEBYSCORE', KEYS[lane], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if later[2] and (next_ms == nil or tonumber(later[2]) < next_ms) then
    next_ms = tonumber(later[2])
    answer[2] = later[2]
  end
end
return answer
