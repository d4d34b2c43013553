--[[
Takes one message out of the quota of a channel in a month.
KEYS  1 counter
ARGV  1 how many this lane may use, '' without a limit   2 ms to keep the count
Answers 1 when taken, 0 when used up.
]]
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if ARGV[1] ~= '' and used >= tonumber(ARGV[1]) then
  return 0
end
redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
