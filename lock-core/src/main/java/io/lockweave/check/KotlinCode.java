package io.lockweave.check;

import io.lockweave.LockUsageException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/** What only the class files of Kotlin's compiler tell. */
public final class KotlinCode {

    /** A local variable by which its debugger finds the bodies of inline functions, also where they are declared. */
    private static final String INLINE = "$i$f$";

    private static final String WOVEN = "_aroundBody";

    private KotlinCode() {}

    /**
     * Fails if it is an inline function, whose body runs where it is called and not here.
     *
     * @throws LockUsageException if it is
     */
    public static void refuseInline(Method method, String description) {
        if (ReflectedMethod.isKotlin(method.getDeclaringClass()) && isInline(method)) {
            throw new LockUsageException(
                    description + " is an inline function: its body is copied to where Kotlin calls it, and runs there"
                            + " without its lock",
                    "remove inline, or let it call a function that has @Locked");
        }
    }

    /** Whether it is an inline function with a reified type, which Kotlin hides from Java. */
    public static boolean isReified(Method method) {
        return method.isSynthetic() && ReflectedMethod.isKotlin(method.getDeclaringClass()) && isInline(method);
    }

    private static boolean isInline(Method method) {
        Class<?> type = method.getDeclaringClass();
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                return false;
            }
            Marks marks = new Marks(method.getName());
            new ClassReader(in).accept(marks, ClassReader.SKIP_FRAMES);
            return marks.found;
        } catch (IOException | IllegalArgumentException e) {
            return false; // not there, or too new to be read
        }
    }

    /** Looks for the variable in the methods of one name, and in what a weaver has made of them. */
    private static final class Marks extends ClassVisitor {

        private final String name;
        private boolean found;

        Marks(String name) {
            super(Opcodes.ASM9);
            this.name = name;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String method, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            if (!method.equals(name) && !method.startsWith(name + WOVEN)) {
                return null;
            }
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitLocalVariable(
                        String variable,
                        String type,
                        @Nullable String typeSignature,
                        Label start,
                        Label end,
                        int index) {
                    found |= variable.equals(INLINE + name);
                }
            };
        }
    }
}
