--[[
Takes an incident off the restless list, unless it was put there at a newer version.
KEYS  1 restless
ARGV  1 incident   2 version that was shown everywhere
Answers 1 when taken off, 0 otherwise.
]]
local listed = redis.call('HGET', KEYS[1], ARGV[1])
if listed and tonumber(listed) <= tonumber(ARGV[2]) then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
