package io.lockweave.schedules;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Loads the engine and its tests anew, with a call of {@link Steps} before each step that threads may see of each
 * other: volatile fields, VarHandles, everything of java.util.concurrent, parking, monitors. Some classes may be
 * replaced. The clock and random numbers are the schedule's too.
 */
final class EngineCode extends ClassLoader {

    static final String ENGINE = "io.lockweave.engine.";

    private static final String STEPS = "io/lockweave/schedules/Steps";
    private static final String LOCK = "java/util/concurrent/locks/ReentrantLock";
    private static final String THREAD = "java/lang/Thread";
    private static final String SUPPORT = "java/util/concurrent/locks/LockSupport";
    private static final String FUTURE = "java/util/concurrent/CompletableFuture";
    private static final String THREADS_RANDOM = "java/util/concurrent/ThreadLocalRandom";

    private static final Set<String> OF_THREADS = Set.of("interrupted()Z", "join(J)V", "isAlive()Z");

    private final List<String> packages;
    private final boolean onlyWaits;
    private final Map<String, byte[]> replaced;
    private final Map<String, Set<String>> volatiles = new HashMap<>();

    /**
     * @param packages of the classes that are changed, each with a dot at its end
     * @param onlyWaits whether threads change only where one waits, locks or unlocks
     * @param replaced classes with other content, by name
     */
    EngineCode(List<String> packages, boolean onlyWaits, Map<String, byte[]> replaced) {
        super(EngineCode.class.getClassLoader());
        this.packages = packages;
        this.onlyWaits = onlyWaits;
        this.replaced = replaced;
        setDefaultAssertionStatus(true);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (packages.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            ClassReader reader = new ClassReader(bytes(name));
            ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            reader.accept(new Points(writer), 0);
            byte[] changed = writer.toByteArray();
            return defineClass(name, changed, 0, changed.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] other = replaced.get(name);
        if (other != null) {
            return other;
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private boolean isVolatile(String owner, String field) {
        if (onlyWaits || !owner.startsWith(ENGINE.replace('.', '/'))) {
            return false;
        }
        return volatiles.computeIfAbsent(owner, this::volatilesOf).contains(field);
    }

    private Set<String> volatilesOf(String owner) {
        Set<String> found = new HashSet<>();
        try {
            new ClassReader(bytes(owner.replace('/', '.')))
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public FieldVisitor visitField(
                                        int access, String name, String type, String generic, Object value) {
                                    if ((access & Opcodes.ACC_VOLATILE) != 0) {
                                        found.add(name);
                                    }
                                    return null;
                                }
                            },
                            ClassReader.SKIP_CODE);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private final class Points extends ClassVisitor {

        private String simpleName = "";

        Points(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(int version, int access, String name, String generic, String parent, String[] interfaces) {
            simpleName = name.substring(name.lastIndexOf('/') + 1);
            super.visit(version, access, name, generic, parent, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String generic, String[] thrown) {
            MethodVisitor next = super.visitMethod(access, name, type, generic, thrown);
            return name.equals("<clinit>") ? next : new MethodPoints(next, simpleName + "." + name);
        }
    }

    private final class MethodPoints extends MethodVisitor {

        private final String method;
        private int line;

        MethodPoints(MethodVisitor next, String method) {
            super(Opcodes.ASM9, next);
            this.method = method;
        }

        @Override
        public void visitLineNumber(int at, Label start) {
            line = at;
            super.visitLineNumber(at, start);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
            if (isVolatile(owner, name)) {
                call("point", "()V");
            }
            super.visitFieldInsn(opcode, owner, name, type);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
            if (owner.equals(LOCK) && (name.equals("lock") || name.equals("unlock"))) {
                call(name, "(L" + LOCK + ";)V");
            } else if (owner.equals(LOCK) && name.equals("newCondition")) {
                call(name, "(L" + LOCK + ";)Ljava/util/concurrent/locks/Condition;");
            } else if (owner.equals(SUPPORT)) {
                parking(name, type);
            } else if (owner.equals(THREAD) && OF_THREADS.contains(name + type)) {
                call(name, (opcode == Opcodes.INVOKESTATIC ? type : type.replace("(", "(L" + THREAD + ";")));
            } else if (owner.equals("java/lang/System") && name.equals("nanoTime")) {
                call(name, type);
            } else if (owner.equals(THREADS_RANDOM)) {
                random(opcode, name, type);
            } else if (owner.equals("java/security/SecureRandom") && name.equals("nextBytes")) {
                call(name, "(Ljava/security/SecureRandom;[B)V");
            } else if (owner.equals(FUTURE) && name.equals("join")) {
                super.visitInsn(Opcodes.DUP);
                call(opcode == Opcodes.INVOKESPECIAL ? "awaitAny" : "awaitDone", "(L" + FUTURE + ";)V");
                super.visitMethodInsn(opcode, owner, name, type, isInterface);
            } else if (owner.equals("java/util/concurrent/ConcurrentHashMap") && takesCallBack(name)) {
                call("begin", "()V");
                super.visitMethodInsn(opcode, owner, name, type, isInterface);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "end", "()V", false);
            } else {
                if (opcode != Opcodes.INVOKESPECIAL && isShared(owner)) {
                    call("point", "()V");
                }
                super.visitMethodInsn(opcode, owner, name, type, isInterface);
            }
        }

        private boolean takesCallBack(String name) {
            return name.startsWith("compute") || name.equals("merge");
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT) {
                call(opcode == Opcodes.MONITORENTER ? "enter" : "exit", "(Ljava/lang/Object;)V");
            } else {
                super.visitInsn(opcode);
            }
        }

        private boolean isShared(String owner) {
            return !onlyWaits && (owner.equals("java/lang/invoke/VarHandle") || isConcurrent(owner));
        }

        private boolean isConcurrent(String owner) {
            return owner.startsWith("java/util/concurrent/") && !owner.endsWith("/TimeUnit");
        }

        /** Parks without what it blocks on: it is woken, or goes on when its time has come. */
        private void parking(String name, String type) {
            boolean blocker = Type.getArgumentTypes(type)[0].getSort() == Type.OBJECT;
            switch (name) {
                case "unpark" -> call("unpark", "(Ljava/lang/Thread;)V");
                case "parkNanos" -> {
                    if (blocker) {
                        super.visitInsn(Opcodes.DUP2_X1);
                        super.visitInsn(Opcodes.POP2);
                        super.visitInsn(Opcodes.POP);
                    }
                    call("parkFor", "(J)V");
                }
                default -> throw new IllegalStateException(method + " calls " + name + type);
            }
        }

        private void random(int opcode, String name, String type) {
            if (opcode == Opcodes.INVOKESTATIC) {
                call("random", "()Ljava/util/Random;");
            } else {
                super.visitMethodInsn(opcode, "java/util/Random", name, type, false);
            }
        }

        /** Calls a method of the schedule with what lies on the stack, and the place. */
        private void call(String name, String type) {
            super.visitLdcInsn(method + ":" + line);
            super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, name, type.replace(")", "Ljava/lang/String;)"), false);
        }
    }
}
