package io.lockweave.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.util.TraceSignatureVisitor;

/** A public or protected type and such members of it, as lines; none for other types. */
final class TypeDescription extends ClassVisitor {

    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private String name = "";
    private int access;
    private String head = "";
    private final TreeSet<String> members = new TreeSet<>();

    TypeDescription() {
        super(Opcodes.ASM9);
    }

    List<String> lines() {
        if ((access & VISIBLE) == 0 || (access & Opcodes.ACC_SYNTHETIC) != 0) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(kind() + " " + name.replace('/', '.') + head);
        boolean extensible = (access & Opcodes.ACC_FINAL) == 0;
        members.stream()
                .filter(member -> extensible || !member.contains("protected "))
                .forEach(member -> lines.add("    " + member));
        return lines;
    }

    private String kind() {
        boolean isInterface = isInterface(access);
        String kind = (access & Opcodes.ACC_ANNOTATION) != 0
                ? "@interface"
                : isInterface
                        ? "interface"
                        : (access & Opcodes.ACC_ENUM) != 0
                                ? "enum"
                                : (access & Opcodes.ACC_RECORD) != 0 ? "record" : "class";
        return words(isInterface ? access & ~Opcodes.ACC_ABSTRACT : access) + kind;
    }

    @Override
    public void visit(int version, int flags, String type, String signature, String above, String[] interfaces) {
        name = type;
        access = flags;
        if (signature == null) {
            String implemented =
                    Stream.of(interfaces).map(one -> one.replace('/', '.')).collect(Collectors.joining(", "));
            head = (above == null || above.equals("java/lang/Object") ? "" : " extends " + above.replace('/', '.'))
                    + (implemented.isEmpty()
                            ? ""
                            : isInterface(flags) ? " extends " + implemented : " implements " + implemented);
        } else {
            TraceSignatureVisitor text = new TraceSignatureVisitor(flags);
            new SignatureReader(signature).accept(text);
            head = text.getDeclaration();
        }
    }

    /** A nested type says only here what its source said. */
    @Override
    public void visitInnerClass(String inner, String outer, String simpleName, int flags) {
        if (inner.equals(name)) {
            access = outer == null ? 0 : flags | (access & Opcodes.ACC_RECORD);
        }
    }

    @Override
    public void visitPermittedSubclass(String permitted) {
        members.add("permits " + permitted.replace('/', '.'));
    }

    @Override
    public FieldVisitor visitField(int flags, String field, String descriptor, String signature, Object value) {
        if (isVisible(flags)) {
            members.add(
                    words(flags) + type(descriptor, signature) + " " + field + (value == null ? "" : " = " + value));
        }
        return null;
    }

    @Override
    public MethodVisitor visitMethod(int flags, String method, String descriptor, String signature, String[] thrown) {
        if (!isVisible(flags) || (flags & Opcodes.ACC_BRIDGE) != 0) {
            return null;
        }
        String failures = thrown == null
                ? ""
                : " throws "
                        + Stream.of(thrown).map(one -> one.replace('/', '.')).collect(Collectors.joining(", "));
        String text = words(flags & ~Opcodes.ACC_TRANSIENT & ~Opcodes.ACC_VOLATILE)
                + method(method, descriptor, signature).replace("void <init>", "new")
                + failures;
        return new MethodVisitor(Opcodes.ASM9) {
            private String byDefault = "";

            @Override
            public AnnotationVisitor visitAnnotationDefault() {
                return new DefaultValue(value -> byDefault = " default " + value);
            }

            @Override
            public void visitEnd() {
                members.add(text + byDefault);
            }
        };
    }

    private static String method(String name, String descriptor, String signature) {
        if (signature != null) {
            TraceSignatureVisitor text = new TraceSignatureVisitor(0);
            new SignatureReader(signature).accept(text);
            return text.getReturnType() + " " + name + text.getDeclaration();
        }
        String parameters = Arrays.stream(Type.getArgumentTypes(descriptor))
                .map(Type::getClassName)
                .collect(Collectors.joining(", "));
        return Type.getReturnType(descriptor).getClassName() + " " + name + "(" + parameters + ")";
    }

    private static String type(String descriptor, String signature) {
        if (signature == null) {
            return Type.getType(descriptor).getClassName();
        }
        TraceSignatureVisitor text = new TraceSignatureVisitor(0);
        new SignatureReader(signature).acceptType(text);
        return text.getDeclaration();
    }

    private static boolean isInterface(int flags) {
        return (flags & Opcodes.ACC_INTERFACE) != 0;
    }

    private static boolean isVisible(int flags) {
        return (flags & VISIBLE) != 0 && (flags & Opcodes.ACC_SYNTHETIC) == 0;
    }

    private static String words(int flags) {
        StringBuilder words = new StringBuilder();
        add(words, flags, Opcodes.ACC_DEPRECATED, "@Deprecated");
        add(words, flags, Opcodes.ACC_PROTECTED, "protected");
        add(words, flags, Opcodes.ACC_STATIC, "static");
        add(words, flags, Opcodes.ACC_ABSTRACT, "abstract");
        add(words, flags, Opcodes.ACC_FINAL, "final");
        return words.toString();
    }

    private static void add(StringBuilder words, int flags, int flag, String word) {
        if ((flags & flag) != 0) {
            words.append(word).append(' ');
        }
    }
}
