-- Takes the owner out of the queue, with no key but that of the queue, which is KEYS[1] here.
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if string.sub(entry, 1, #ARGV[1]) == ARGV[1] then redis.call('LREM', KEYS[1], 1, entry) end
end
return {'1'}
