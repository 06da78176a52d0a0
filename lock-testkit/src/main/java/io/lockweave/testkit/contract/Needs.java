package io.lockweave.testkit.contract;

import io.lockweave.spi.Capability;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What a contract test needs; without it the test is aborted, which is counted. */
@Retention(RetentionPolicy.RUNTIME)
@interface Needs {

    /** Capabilities of the backend. */
    Capability[] value() default {};

    /** Hooks of the contract class. */
    Class<? extends StoreHook>[] hooks() default {};
}
