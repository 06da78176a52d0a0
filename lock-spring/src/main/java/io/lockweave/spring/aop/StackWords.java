package io.lockweave.spring.aop;

import org.springframework.asm.Opcodes;

/** By how many words an instruction without operands makes the stack longer. */
final class StackWords {

    private StackWords() {}

    static int of(int opcode) {
        if (opcode <= Opcodes.DCONST_1) {
            return constant(opcode);
        }
        if (opcode <= Opcodes.SALOAD) {
            return opcode == Opcodes.LALOAD || opcode == Opcodes.DALOAD ? 0 : -1;
        }
        if (opcode <= Opcodes.SASTORE) {
            return opcode == Opcodes.LASTORE || opcode == Opcodes.DASTORE ? -4 : -3;
        }
        if (opcode <= Opcodes.POP2) {
            return opcode == Opcodes.POP ? -1 : -2;
        }
        if (opcode <= Opcodes.LXOR) {
            return arithmetic(opcode);
        }
        return opcode <= Opcodes.I2S ? conversion(opcode) : comparison(opcode);
    }

    private static int constant(int opcode) {
        boolean wide = opcode == Opcodes.LCONST_0
                || opcode == Opcodes.LCONST_1
                || opcode == Opcodes.DCONST_0
                || opcode == Opcodes.DCONST_1;
        return opcode == Opcodes.NOP ? 0 : wide ? 2 : 1;
    }

    /** Of int, long, float, double in turn; shifts and bits of int and long in turn. */
    private static int arithmetic(int opcode) {
        if (opcode <= Opcodes.DREM) {
            return (opcode - Opcodes.IADD) % 2 == 0 ? -1 : -2;
        }
        if (opcode <= Opcodes.DNEG) {
            return 0;
        }
        boolean shift = opcode <= Opcodes.LUSHR;
        return shift || (opcode - Opcodes.IAND) % 2 == 0 ? -1 : -2;
    }

    private static int conversion(int opcode) {
        return switch (opcode) {
            case Opcodes.I2L, Opcodes.I2D, Opcodes.F2L, Opcodes.F2D -> 1;
            case Opcodes.L2I, Opcodes.L2F, Opcodes.D2I, Opcodes.D2F -> -1;
            default -> 0;
        };
    }

    private static int comparison(int opcode) {
        return switch (opcode) {
            case Opcodes.LCMP, Opcodes.DCMPL, Opcodes.DCMPG -> -3;
            case Opcodes.FCMPL, Opcodes.FCMPG, Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> -1;
            default -> 0;
        };
    }
}
