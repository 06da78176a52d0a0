/**
 * The contract that every backend must pass: tests by numbered rule, for a backend's own test class to inherit. Start
 * at {@link io.lockweave.testkit.contract.StoreBackendContract}.
 */
@NullMarked
package io.lockweave.testkit.contract;

import org.jspecify.annotations.NullMarked;
