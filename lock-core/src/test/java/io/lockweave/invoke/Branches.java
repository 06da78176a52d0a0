package io.lockweave.invoke;

import io.lockweave.LockMode;
import io.lockweave.Locked;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Locked methods that call each other, one inside the other or side by side. */
class Branches {

    @Locked(name = "batch", key = "#id")
    <T> CompletableFuture<T> batch(int id, Supplier<CompletableFuture<T>> body) {
        return body.get();
    }

    @Locked(name = "user", key = "#id")
    <T> CompletableFuture<T> add(int id, Supplier<CompletableFuture<T>> body) {
        return body.get();
    }

    @Locked(name = "user", key = "#ids")
    <T> CompletableFuture<T> addAll(int[] ids, Supplier<CompletableFuture<T>> body) {
        return body.get();
    }

    @Locked(name = "user", key = "#id")
    <T> T blocking(int id, Callable<T> body) throws Exception {
        return body.call();
    }

    @Locked(name = "user", key = "#id", mode = LockMode.SHARED)
    <T> CompletableFuture<T> read(int id, Supplier<CompletableFuture<T>> body) {
        return body.get();
    }

    @Locked(name = "room", key = "#id", permits = 2)
    <T> CompletableFuture<T> room(int id, Supplier<CompletableFuture<T>> body) {
        return body.get();
    }
}
