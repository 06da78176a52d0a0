package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Which classes are generated, so that their bodies are not asked for the annotation. */
class PlacementTest {

    interface Work {
        @Locked(name = "x")
        void run();
    }

    /** A name that somebody wrote. */
    static final class Plain$$Work implements Work {
        @Override
        public void run() {}
    }

    private static Method run() throws NoSuchMethodException {
        return Work.class.getDeclaredMethod("run");
    }

    @Test
    void two_dollars_in_a_name_do_not_make_a_class_generated() {
        assertThatThrownBy(() -> Placement.require(new Plain$$Work(), run()))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Work.run()")
                .hasMessageContaining("Plain$$Work");
    }

    @Test
    void a_proxy_leads_to_what_is_asked_itself() {
        Object proxy = Proxy.newProxyInstance(
                Work.class.getClassLoader(), new Class<?>[] {Work.class}, (own, method, args) -> null);
        assertThatCode(() -> Placement.require(proxy, run())).doesNotThrowAnyException();
    }
}
