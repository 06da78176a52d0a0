package io.lockweave.spring.aop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.Handle;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;

/**
 * Follows through one method which values on its operand stack are the bean itself. A value of two words is two
 * entries. What comes out of another local variable, a field or a call is somebody else: the bean's own proxy, for
 * example.
 */
abstract class ReceiverStack extends MethodVisitor {

    private final boolean inBean;
    private final Set<Label> handlers = new HashSet<>();
    private final Map<Label, List<Boolean>> atJumps = new HashMap<>();
    private List<Boolean> stack = new ArrayList<>();
    private boolean reachable = true;

    /** For a method of the bean's class, whose first local variable is the bean, or of one inside of it. */
    ReceiverStack(boolean inBean) {
        super(Opcodes.ASM9);
        this.inBean = inBean;
    }

    /** A method is called on the bean. */
    abstract void called(String owner, String name, String descriptor);

    /** Whether the field holds the bean. */
    abstract boolean isBean(String owner, String name, String descriptor);

    private void push(int words) {
        for (int i = 0; i < words; i++) {
            stack.add(false);
        }
    }

    private void pop(int words) {
        for (int i = 0; i < words && !stack.isEmpty(); i++) {
            stack.remove(stack.size() - 1);
        }
    }

    /** Whether the value below so many words is the bean. */
    private boolean isBean(int below) {
        int index = stack.size() - 1 - below;
        return reachable && index >= 0 && stack.get(index);
    }

    private void end() {
        reachable = false;
        stack = new ArrayList<>();
    }

    private void jump(Label target) {
        if (reachable) {
            atJumps.putIfAbsent(target, new ArrayList<>(stack));
        }
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
        handlers.add(handler);
    }

    @Override
    public void visitLabel(Label label) {
        if (!reachable) {
            stack = new ArrayList<>(atJumps.getOrDefault(label, List.of()));
            if (handlers.contains(label) && stack.isEmpty()) {
                push(1);
            }
            reachable = true;
        }
    }

    @Override
    public void visitInsn(int opcode) {
        if ((opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) || opcode == Opcodes.ATHROW) {
            end();
        } else if (opcode >= Opcodes.DUP && opcode <= Opcodes.SWAP) {
            copy(opcode);
        } else {
            int words = StackWords.of(opcode);
            push(words);
            pop(-words);
        }
    }

    private void copy(int opcode) {
        int words = opcode >= Opcodes.DUP2 && opcode <= Opcodes.DUP2_X2 ? 2 : 1;
        int below = opcode == Opcodes.SWAP
                ? 1
                : opcode == Opcodes.DUP_X1 || opcode == Opcodes.DUP2_X1
                        ? 1
                        : opcode == Opcodes.DUP_X2 || opcode == Opcodes.DUP2_X2 ? 2 : 0;
        if (stack.size() < words + below) {
            return;
        }
        List<Boolean> top = new ArrayList<>(stack.subList(stack.size() - words, stack.size()));
        stack.addAll(stack.size() - words - below, top);
        if (opcode == Opcodes.SWAP) {
            pop(1);
        }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        push(opcode == Opcodes.NEWARRAY ? 0 : 1);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        boolean wide = opcode == Opcodes.LLOAD
                || opcode == Opcodes.DLOAD
                || opcode == Opcodes.LSTORE
                || opcode == Opcodes.DSTORE;
        if (opcode == Opcodes.ALOAD) {
            stack.add(inBean && variable == 0);
        } else if (opcode < Opcodes.ISTORE) {
            push(wide ? 2 : 1);
        } else {
            pop(wide ? 2 : 1);
        }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode == Opcodes.NEW) {
            push(1);
        } else if (opcode != Opcodes.CHECKCAST) {
            pop(1);
            push(1);
        }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        int words = Type.getType(descriptor).getSize();
        if (opcode == Opcodes.GETFIELD || opcode == Opcodes.PUTFIELD) {
            pop(1 + (opcode == Opcodes.PUTFIELD ? words : 0));
        } else if (opcode == Opcodes.PUTSTATIC) {
            pop(words);
        }
        if (opcode == Opcodes.GETFIELD && isBean(owner, name, descriptor)) {
            stack.add(true);
        } else if (opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC) {
            push(words);
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        int sizes = Type.getArgumentsAndReturnSizes(descriptor);
        int arguments = (sizes >> 2) - 1;
        if (opcode != Opcodes.INVOKESTATIC && isBean(arguments)) {
            called(owner, name, descriptor);
        }
        pop(arguments + (opcode == Opcodes.INVOKESTATIC ? 0 : 1));
        push(sizes & 3);
    }

    /** {@code this::add} takes the bean and names the method. */
    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrapMethodHandle, Object... bootstrapMethodArguments) {
        int sizes = Type.getArgumentsAndReturnSizes(descriptor);
        int arguments = (sizes >> 2) - 1;
        for (Object argument : bootstrapMethodArguments) {
            if (argument instanceof Handle handle && arguments > 0 && isBean(arguments - 1)) {
                called(handle.getOwner(), handle.getName(), handle.getDesc());
            }
        }
        pop(arguments);
        push(sizes & 3);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        boolean two = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
        pop(opcode == Opcodes.GOTO ? 0 : two ? 2 : 1);
        jump(label);
        if (opcode == Opcodes.GOTO) {
            end();
        }
    }

    @Override
    public void visitLdcInsn(Object value) {
        push(value instanceof Long || value instanceof Double ? 2 : 1);
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
        visitLookupSwitchInsn(otherwise, new int[0], labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
        pop(1);
        jump(otherwise);
        for (Label label : labels) {
            jump(label);
        }
        end();
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        pop(dimensions);
        push(1);
    }
}
