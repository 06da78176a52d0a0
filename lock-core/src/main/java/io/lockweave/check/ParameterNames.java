package io.lockweave.check;

import java.util.ArrayList;
import java.util.List;

/** How expressions name the parameters of one method: {@code #user}, or by position {@code #p0} and {@code #a0}. */
public final class ParameterNames {

    private static final int MISSING = -1;

    private final List<String> names;
    private final boolean known;
    private final boolean kotlin;

    /**
     * The names of all parameters.
     *
     * @param known whether these are the names that the source has
     * @param kotlin whether the source is Kotlin's
     */
    public ParameterNames(List<String> names, boolean known, boolean kotlin) {
        this.names = List.copyOf(names);
        this.known = known;
        this.kotlin = kotlin;
    }

    public int count() {
        return names.size();
    }

    /** Whether the class file carries the names. */
    public boolean known() {
        return known;
    }

    public boolean has(String name) {
        return indexOf(name) != MISSING;
    }

    /** The position of the parameter with this name, or -1. */
    public int indexOf(String name) {
        int index = known ? names.indexOf(name) : MISSING;
        return index >= 0 ? index : position(name);
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
        return position < names.size() ? position : MISSING;
    }

    /** All valid names, for messages. */
    public String describe() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            all.add(known ? "#" + names.get(i) : "#p" + i);
        }
        return all.isEmpty() ? "none: the method has no parameters" : String.join(", ", all);
    }

    /** The option of the compiler that puts them into the class file. */
    public String option() {
        return kotlin ? "-java-parameters" : "-parameters";
    }
}
