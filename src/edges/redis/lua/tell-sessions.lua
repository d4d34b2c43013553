--[[
Replaces what a replica says of its own sessions, and forgets the replicas that have said nothing for long.
KEYS  1 own sessions
ARGV  1 replica   2 what it says as JSON, with atMs   3 ms for which it is kept
Answers 1.
]]
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local oldest = cjson.decode(ARGV[2]).atMs - tonumber(ARGV[3])
local told = redis.call('HGETALL', KEYS[1])
for at = 1, #told, 2 do
  local known, said = pcall(cjson.decode, told[at + 1])
  if not known or type(said) ~= 'table' or (tonumber(said.atMs) or 0) < oldest then
    redis.call('HDEL', KEYS[1], told[at])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
