package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.invoke.Placement;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * Finds in the class files of a bean's class where it calls its own locked methods: on {@code this}, past its proxy.
 * Looks into the classes above it and into those inside of it. Loads no class.
 */
final class SelfCalls {

    private static final String OUTER = "this$";
    private static final String LAMBDA = "lambda$";
    private static final String WOVEN = "_aroundBody";

    /** Where Kotlin puts the body of a suspending function that can be overridden; static, with the object first. */
    private static final String SUSPENDING = "$suspendImpl";

    /** What Kotlin makes of a suspending function's state: its {@code invokeSuspend} lets the function go on. */
    private static final String STATE = "kotlin/coroutines/jvm/internal/ContinuationImpl";

    private final Class<?> bean;
    private final Map<String, Method> locked = new HashMap<>();
    private final Set<String> family;
    private final Set<String> inside = new HashSet<>();
    private final List<LockUsageException> found = new ArrayList<>();

    private SelfCalls(Class<?> bean, Collection<Method> locked) {
        this.bean = bean;
        for (Method method : locked) {
            this.locked.put(method.getName() + Type.getMethodDescriptor(method), method);
        }
        this.family = Stream.concat(Stream.of(bean), above(bean))
                .map(Type::getInternalName)
                .collect(Collectors.toSet());
    }

    private static Stream<Class<?>> above(Class<?> type) {
        return Stream.<Class<?>>iterate(type.getSuperclass(), one -> one != null, Class::getSuperclass);
    }

    /** All of them, each as a warning would say it. */
    static List<LockUsageException> in(Class<?> bean, Collection<Method> locked) {
        SelfCalls calls = new SelfCalls(bean, locked);
        Stream.concat(Stream.of(bean), above(bean))
                .filter(type -> type != Object.class)
                .forEach(type -> calls.read(Type.getInternalName(type), true));
        Set<String> read = new HashSet<>();
        while (!read.containsAll(calls.inside)) { // what is inside of one of those comes with it
            Set.copyOf(calls.inside).stream().filter(read::add).sorted().forEach(name -> calls.read(name, false));
        }
        return List.copyOf(calls.found);
    }

    private void read(String name, boolean isBean) {
        ClassLoader loader = bean.getClassLoader();
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(name + ".class")) {
            if (in != null) {
                new ClassReader(in).accept(new Code(name, isBean), ClassReader.SKIP_FRAMES);
            }
        } catch (IOException | IllegalArgumentException e) {
            // nothing to read, or too new to be read: what cannot be seen is not told
        }
    }

    /** One class file. */
    private final class Code extends ClassVisitor {

        private final String name;
        private final boolean isBean;
        private boolean isState;

        Code(String name, boolean isBean) {
            super(Opcodes.ASM9);
            this.name = name;
            this.isBean = isBean;
        }

        @Override
        public void visit(
                int version,
                int access,
                String type,
                @Nullable String signature,
                @Nullable String above,
                String @Nullable [] interfaces) {
            isState = STATE.equals(above);
        }

        @Override
        public void visitInnerClass(String inner, @Nullable String outer, @Nullable String simple, int access) {
            if (inner.startsWith(name + "$")) {
                inside.add(inner);
            }
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String method, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            boolean instance = (access & Opcodes.ACC_STATIC) == 0;
            boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
            return bridge || isState || method.contains(WOVEN)
                    ? null
                    : new Calls(method, isBean && (instance || method.endsWith(SUSPENDING)));
        }

        /** One method. */
        private final class Calls extends ReceiverStack {

            private final String method;
            private int line;

            Calls(String method, boolean inBean) {
                super(inBean);
                this.method = method;
            }

            @Override
            public void visitLineNumber(int number, Label start) {
                line = number;
            }

            @Override
            boolean isBean(String owner, String field, String descriptor) {
                return !Code.this.isBean
                        && field.startsWith(OUTER)
                        && family.contains(Type.getType(descriptor).getInternalName());
            }

            @Override
            void called(String owner, String callee, String descriptor) {
                Method target = family.contains(owner) ? locked.get(callee + descriptor) : null;
                if (target != null) {
                    found.add(AnnotationCheck.selfInvocation(
                            ClassUtils.convertResourcePathToClassName(name) + "." + caller(),
                            line,
                            Placement.describe(target),
                            ""));
                }
            }

            /** A lambda's code is in a method of the compiler's, which names the one around it. */
            private String caller() {
                if (method.endsWith(SUSPENDING)) {
                    return method.substring(0, method.length() - SUSPENDING.length());
                }
                int end = method.lastIndexOf('$');
                return method.startsWith(LAMBDA) && end > LAMBDA.length()
                        ? method.substring(LAMBDA.length(), end)
                        : method;
            }
        }
    }
}
