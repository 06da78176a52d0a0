-- What the server says about its memory, or nothing if this user may not ask.
local info = redis.pcall('INFO', 'memory')
return {type(info) == 'string' and info or ''}
