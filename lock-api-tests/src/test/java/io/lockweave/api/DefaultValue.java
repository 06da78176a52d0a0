package io.lockweave.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What an attribute of an annotation is if nobody says. */
class DefaultValue extends AnnotationVisitor {

    private final Consumer<String> found;

    DefaultValue(Consumer<String> found) {
        super(Opcodes.ASM9);
        this.found = found;
    }

    @Override
    public void visit(String name, Object value) {
        found.accept(value instanceof String text ? '"' + text + '"' : String.valueOf(value));
    }

    @Override
    public void visitEnum(String name, String descriptor, String value) {
        found.accept(Type.getType(descriptor).getClassName() + "." + value);
    }

    @Override
    public AnnotationVisitor visitAnnotation(String name, String descriptor) {
        found.accept("@" + Type.getType(descriptor).getClassName());
        return null;
    }

    @Override
    public AnnotationVisitor visitArray(String name) {
        List<String> values = new ArrayList<>();
        return new DefaultValue(values::add) {
            @Override
            public void visitEnd() {
                found.accept(values.toString());
            }
        };
    }
}
