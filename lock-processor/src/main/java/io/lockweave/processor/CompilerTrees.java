package io.lockweave.processor;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import javax.annotation.processing.ProcessingEnvironment;
import org.jspecify.annotations.Nullable;

/** Listens to the JDK's compiler, where that is the compiler: others have no trees of code. */
final class CompilerTrees {

    private CompilerTrees() {}

    /** The places of the source; null with other compilers. */
    static @Nullable SourcePlaces places(ProcessingEnvironment environment) {
        for (ProcessingEnvironment one = environment; one != null; one = wrapped(one)) {
            try {
                return new SourcePlaces(Trees.instance(one));
            } catch (IllegalArgumentException e) {
                // as below
            }
        }
        return null;
    }

    /** From now on the code of classes is looked at when the compiler has understood it; nothing happens elsewhere. */
    static void listen(ProcessingEnvironment environment, Options options) {
        for (ProcessingEnvironment one = environment; one != null; one = wrapped(one)) {
            try {
                JavacTask task = JavacTask.instance(one);
                task.addTaskListener(new CodeListener(one, Trees.instance(one), options));
                return;
            } catch (IllegalArgumentException e) {
                // another compiler, or a build tool's wrapper around this one
            }
        }
    }

    /** What a build tool has put its own environment around. */
    private static @Nullable ProcessingEnvironment wrapped(ProcessingEnvironment environment) {
        for (Class<?> type = environment.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (ProcessingEnvironment.class.isAssignableFrom(field.getType())) {
                    try {
                        field.setAccessible(true);
                        return (ProcessingEnvironment) field.get(environment);
                    } catch (IllegalAccessException | InaccessibleObjectException e) {
                        return null;
                    }
                }
            }
        }
        return null;
    }
}
