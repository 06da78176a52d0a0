package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs the protocol's own scripts, as a server does. Only one thread at a time. */
final class Scripts {

    private static final Pattern FORM = Pattern.compile("%(0?\\d*)(?:\\.(\\d+))?([dfs])");

    private static final Globals GLOBALS = globals();
    private static final Map<String, Prototype> COMPILED = new HashMap<>();

    /** What a script calls: the words of a command and its answer. */
    interface Called {

        @Nullable
        Object run(List<String> words);
    }

    private Called commands;

    Scripts(Called commands) {
        this.commands = commands;
    }

    /** From now on the scripts work on other data. */
    void use(Called other) {
        commands = other;
    }

    /** Runs a script; its answer is a list of texts. */
    List<String> run(String source, List<String> keys, List<String> arguments) {
        LuaTable redis = new LuaTable();
        redis.set("call", new Call(true));
        redis.set("pcall", new Call(false));
        GLOBALS.set("redis", redis);
        GLOBALS.set("KEYS", table(keys));
        GLOBALS.set("ARGV", table(arguments));
        LuaValue answer;
        try {
            answer = new LuaClosure(COMPILED.computeIfAbsent(source, Scripts::compile), GLOBALS).call();
        } catch (LuaError e) {
            if (e.getCause() instanceof Data.Refused refused) {
                throw refused;
            }
            throw new AssertionError("the model is not enough for a script: " + e.getMessage(), e);
        }
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= answer.length(); i++) {
            texts.add(answer.get(i).tojstring());
        }
        return texts;
    }

    private static Prototype compile(String source) {
        try {
            return GLOBALS.compilePrototype(new java.io.StringReader(source), "script");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static LuaTable table(List<String> texts) {
        LuaTable table = new LuaTable(texts.size(), 0);
        for (int i = 0; i < texts.size(); i++) {
            table.set(i + 1, LuaString.valueOf(texts.get(i)));
        }
        return table;
    }

    private final class Call extends VarArgFunction {

        private final boolean raises;

        Call(boolean raises) {
            this.raises = raises;
        }

        @Override
        public Varargs invoke(Varargs words) {
            List<String> texts = new ArrayList<>(words.narg());
            for (int i = 1; i <= words.narg(); i++) {
                texts.add(words.checkjstring(i));
            }
            try {
                return answer(commands.run(texts));
            } catch (Data.Refused e) {
                if (raises) {
                    throw new LuaError(e);
                }
                LuaTable refused = new LuaTable();
                refused.set("err", e.getMessage());
                return refused;
            }
        }
    }

    private static LuaValue answer(@Nullable Object answer) {
        if (answer == null) {
            return LuaValue.FALSE; // so does Redis
        }
        if (answer instanceof Long number) {
            return LuaValue.valueOf(number.doubleValue());
        }
        if (answer instanceof List<?> list) {
            LuaTable table = new LuaTable(list.size(), 0);
            for (int i = 0; i < list.size(); i++) {
                table.set(i + 1, answer(list.get(i)));
            }
            return table;
        }
        return LuaString.valueOf((String) answer);
    }

    /** With what Lua 5.1 has under other names, and a string.format that knows numbers of digits. */
    private static Globals globals() {
        Globals globals = JsePlatform.standardGlobals();
        LuaC.install(globals);
        globals.set("unpack", globals.get("table").get("unpack"));
        globals.get("string").set("format", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs arguments) {
                return LuaString.valueOf(format(arguments));
            }
        });
        return globals;
    }

    private static String format(Varargs arguments) {
        StringBuilder text = new StringBuilder();
        Matcher forms = FORM.matcher(arguments.checkjstring(1));
        int next = 2;
        while (forms.find()) {
            LuaValue value = arguments.arg(next++);
            String one =
                    switch (forms.group(3)) {
                        case "s" -> value.tojstring();
                        case "d" -> String.format(Locale.ROOT, "%" + forms.group(1) + "d", value.checklong());
                        default -> String.format(Locale.ROOT, "%." + forms.group(2) + "f", value.checkdouble());
                    };
            forms.appendReplacement(text, Matcher.quoteReplacement(one));
        }
        forms.appendTail(text);
        return text.toString();
    }
}
