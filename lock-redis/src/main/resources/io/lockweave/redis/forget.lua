-- Forgets what is known of one of several holders, with no key but that of the details, which is KEYS[1] here; see lock.lua.
redis.call('HDEL', KEYS[1], ARGV[1])
return {'1'}
