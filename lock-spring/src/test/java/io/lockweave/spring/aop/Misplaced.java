package io.lockweave.spring.aop;

import io.lockweave.LockMode;
import io.lockweave.Locked;
import java.util.concurrent.Future;
import kotlin.coroutines.Continuation;

/** Beans whose {@code @Locked} could not work. */
final class Misplaced {

    private Misplaced() {}

    public static class OnPrivate {
        @Locked(name = "x")
        private void hidden() {}
    }

    public static class OnStatic {
        @Locked(name = "x")
        public static void shared() {}
    }

    public static class OnFinal {
        @Locked(name = "x")
        public final void closed() {}
    }

    public static final class InFinalClass {
        @Locked(name = "x")
        public void anything() {}
    }

    public interface Narrow {
        void visible();
    }

    public static class OutsideItsInterface implements Narrow {
        @Override
        public void visible() {}

        @Locked(name = "x")
        public void invisible() {}
    }

    public static class WrongParameter {
        @Locked(name = "x", key = "#usr.id")
        public void add(String user) {}
    }

    public static class WrongSyntax {
        @Locked(name = "x", key = "#user.")
        public void add(String user) {}
    }

    public static class NoSuchFallback {
        @Locked(name = "x", onUnavailable = Locked.OnUnavailable.FALLBACK, fallback = "nowhere")
        public void add(String user) {}
    }

    public static class NoSuchBackend {
        @Locked(name = "x", backend = "etcd")
        public void add(String user) {}
    }

    public static class ReturnsFuture {
        @Locked(name = "x")
        public Future<String> add(String user) {
            throw new UnsupportedOperationException();
        }
    }

    public static class Suspending {
        @Locked(name = "x", key = "#user", until = Locked.Until.TRANSACTION)
        public Object add(String user, Continuation<? super String> then) {
            throw new UnsupportedOperationException();
        }
    }

    public static class Unhonourable {
        @Locked(name = "x", mode = LockMode.SHARED)
        public void read() {}
    }
}
