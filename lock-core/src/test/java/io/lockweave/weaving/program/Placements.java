package io.lockweave.weaving.program;

import io.lockweave.HeldLock;
import io.lockweave.Locked;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code @Locked} in every place a method can have; each method answers with the key it runs under. */
class Placements {

    static final String UNLOCKED = "unlocked";

    static String key() {
        return HeldLock.current().map(held -> held.key().toString()).orElse(UNLOCKED);
    }

    private final String fromConstructor;

    Placements() {
        this.fromConstructor = instance("constructor");
    }

    String fromConstructor() {
        return fromConstructor;
    }

    @Locked(name = "p", key = "#id")
    String instance(String id) {
        return key();
    }

    @Locked(name = "p", key = "'private'")
    private String secret() {
        return key();
    }

    String selfInvoked() {
        return secret();
    }

    @Locked(name = "p", key = "#id")
    static String ofClass(String id) {
        return key();
    }

    @Locked(name = "p", key = "#id")
    private static String privateOfClass(String id) {
        return key();
    }

    static String selfInvokedOfClass(String id) {
        return privateOfClass(id);
    }

    @Locked(name = "p", key = "'final'")
    final String unchangeable() {
        return key();
    }

    @Locked(name = "p", key = "#ids")
    String varargs(String... ids) {
        return key();
    }

    @Locked(name = "p", key = "#list[0]")
    <T extends Comparable<T>> String generic(List<T> list) {
        return key();
    }

    @Locked(name = "p")
    void throwing() throws IOException {
        throw new IOException("own exception under " + key());
    }

    @Locked(name = "p")
    long primitive(int number) {
        return number + 1L;
    }

    @Locked(name = "a", key = "'1'")
    @Locked(name = "b", key = "'2'")
    String repeated() {
        return HeldLock.current().orElseThrow().parts().toString().contains("b[2]") ? key() : UNLOCKED;
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "composed", key = "#id")
    @interface Composed {}

    @Retention(RetentionPolicy.RUNTIME)
    @Composed
    @interface ComposedTwice {}

    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "a", key = "#id")
    @Locked(name = "b", key = "#id")
    @interface ComposedOfTwo {}

    @Composed
    String composed(String id) {
        return key();
    }

    @ComposedTwice
    String composedTwice(String id) {
        return key();
    }

    @ComposedOfTwo
    String composedOfTwo(String id) {
        return key();
    }

    @Locked(name = "later", key = "#id")
    CompletableFuture<String> later(String id) {
        String held = key();
        return CompletableFuture.supplyAsync(() -> held);
    }

    /** A generic method that javac calls through a bridge. */
    static class Generic<T> {
        String run(T value) {
            return UNLOCKED;
        }
    }

    static final class Text extends Generic<String> {
        @Override
        @Locked(name = "bridged", key = "#value")
        String run(String value) {
            return key();
        }
    }

    static class Base {
        @Locked(name = "base")
        String run() {
            return key();
        }

        @Locked(name = "base")
        String inherited() {
            return key();
        }
    }

    static final class Overriding extends Base {
        @Override
        String run() {
            return key() + " around " + super.run();
        }
    }

    static final class OverridingLocked extends Base {
        @Override
        @Locked(name = "derived")
        String run() {
            return key() + " around " + super.run();
        }
    }

    interface WithDefault {
        @Locked(name = "default")
        default String run() {
            return key();
        }
    }

    static final class UsesDefault implements WithDefault {}

    static final class OverridesDefault implements WithDefault {
        @Override
        public String run() {
            return key();
        }
    }

    static final class OverridesDefaultLocked implements WithDefault {
        @Override
        @Locked(name = "overridden default")
        public String run() {
            return key();
        }
    }

    abstract static class AbstractWithStatic {
        @Locked(name = "of an abstract class")
        static String ofClass() {
            return key();
        }
    }

    interface Declared {
        @Locked(name = "declared")
        String run();
    }

    static final class Implements implements Declared {
        @Override
        public String run() {
            return key();
        }
    }

    static final class ImplementsLocked implements Declared {
        @Override
        @Locked(name = "implemented")
        public String run() {
            return key();
        }
    }

    abstract static class Abstract {
        @Locked(name = "abstract")
        abstract String run();
    }

    static final class Concrete extends Abstract {
        @Override
        String run() {
            return key();
        }
    }
}
