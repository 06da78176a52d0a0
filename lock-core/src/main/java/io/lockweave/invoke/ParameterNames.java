package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;

/** How expressions name the parameters of one method: {@code #user}, or by position {@code #p0} and {@code #a0}. */
final class ParameterNames {

    private static final int MISSING = -1;

    private final String[] names;
    private final boolean known;

    ParameterNames(Method method) {
        Parameter[] parameters = method.getParameters();
        this.names = new String[parameters.length];
        boolean allPresent = true;
        for (int i = 0; i < names.length; i++) {
            names[i] = parameters[i].getName();
            allPresent &= parameters[i].isNamePresent();
        }
        this.known = allPresent;
    }

    int count() {
        return names.length;
    }

    /** Whether the class file carries the names. */
    boolean known() {
        return known;
    }

    boolean has(String name) {
        return indexOf(name) != MISSING;
    }

    /** The position of the parameter with this name, or -1. */
    int indexOf(String name) {
        if (known) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) {
                    return i;
                }
            }
        }
        return position(name);
    }

    private int position(String name) {
        if (name.length() < 2 || name.length() > 4 || (name.charAt(0) != 'p' && name.charAt(0) != 'a')) {
            return MISSING;
        }
        int position = 0;
        for (int i = 1; i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MISSING;
            }
            position = position * 10 + digit;
        }
        return position < names.length ? position : MISSING;
    }

    /** All valid names, for messages. */
    String describe() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            all.add(known ? "#" + names[i] : "#p" + i);
        }
        return all.isEmpty() ? "none: the method has no parameters" : String.join(", ", all);
    }
}
