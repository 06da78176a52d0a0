package io.lockweave.spring.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Contexts are shared by tests; what one of them made busy is free for the next. */
final class LockControlReset implements TestExecutionListener {

    @Override
    public void afterTestMethod(TestContext test) {
        if (test.hasApplicationContext()) {
            test.getApplicationContext().getBeanProvider(LockControl.class).ifAvailable(LockControl::reset);
        }
    }
}
