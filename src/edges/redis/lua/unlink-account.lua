--[[
Forgets to whom an account of a chat belongs.
KEYS  1 accounts   2 owners
ARGV  1 account   2 person in that chat
Answers 1, or 0 when it belonged to nobody.
]]
redis.call('HDEL', KEYS[2], ARGV[2])
return redis.call('HDEL', KEYS[1], ARGV[1])
