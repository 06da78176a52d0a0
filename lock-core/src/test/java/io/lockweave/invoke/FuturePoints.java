package io.lockweave.invoke;

import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Locked methods whose results come later, or would. */
class FuturePoints {

    private static final String NAME = "later";

    final RecordingLocks locks;
    Callable<CompletableFuture<String>> work = CompletableFuture::new;

    FuturePoints(RecordingLocks locks) {
        this.locks = locks;
    }

    @Locked(name = NAME, key = "#id")
    CompletableFuture<String> future(int id) throws Exception {
        locks.note("body");
        return work.call();
    }

    @Locked(name = NAME)
    CompletionStage<String> stage() throws Exception {
        return work.call();
    }

    @Locked(name = NAME, onLost = Locked.OnLost.INTERRUPT)
    CompletableFuture<String> interrupted() throws Exception {
        return work.call();
    }

    @Locked(name = NAME, onLost = Locked.OnLost.WARN)
    CompletableFuture<String> warned() throws Exception {
        return work.call();
    }

    @Locked(name = NAME, onUnavailable = Locked.OnUnavailable.SKIP)
    CompletableFuture<Optional<String>> skipped() {
        return CompletableFuture.completedFuture(Optional.of("ran"));
    }

    @Locked(name = NAME, onUnavailable = Locked.OnUnavailable.FALLBACK, fallback = "instead")
    CompletionStage<String> withFallback() {
        return CompletableFuture.completedFuture("ran");
    }

    CompletionStage<String> instead(LockUnavailableException failure) {
        return CompletableFuture.completedFuture("instead of " + failure.key());
    }

    @Locked(name = NAME, until = Locked.Until.TRANSACTION)
    CompletableFuture<String> untilTransaction() {
        return new CompletableFuture<>();
    }

    @Locked(name = NAME)
    Future<String> plainFuture() {
        return new CompletableFuture<>();
    }

    static final class OwnFuture extends CompletableFuture<String> {}

    @Locked(name = NAME)
    OwnFuture ownFuture() {
        return new OwnFuture();
    }

    @Locked(name = NAME)
    Stream<String> stream() {
        return Stream.of("a");
    }

    @Locked(name = NAME)
    Iterator<String> iterator() {
        return List.of("a").iterator();
    }

    @Locked(name = NAME)
    Iterable<String> iterable(Iterable<String> value) {
        return value;
    }

    @Locked(name = NAME)
    Object anything(Object value) {
        return value;
    }
}
