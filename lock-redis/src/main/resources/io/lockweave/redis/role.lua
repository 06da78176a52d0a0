-- Whether the server is a master or a replica (slave), or nothing if this user may not ask.
local info = redis.pcall('INFO', 'replication')
return {type(info) == 'string' and string.match(info, 'role:(%a+)') or ''}
