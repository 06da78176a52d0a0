package io.lockweave.spi.container;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a locked method that has its locks and is about to run.
 *
 * @param method the method, for messages: {@code com.acme.Points.add(User, int)}
 * @param args the arguments of the call
 * @param keyed the positions of the arguments that the keys are made of; of all arguments where that is not known, such
 *     as for a lock without a key
 */
public record LockedEntry(String method, List<@Nullable Object> args, Set<Integer> keyed) {}
