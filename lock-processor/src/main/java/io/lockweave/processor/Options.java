package io.lockweave.processor;

import java.util.Locale;
import java.util.Map;
import javax.annotation.processing.ProcessingEnvironment;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** How the code is locked, as far as the compiler was told. */
final class Options {

    static final String MODE = "lockweave.mode";
    static final String SELF_INVOCATION = "lockweave.selfInvocation";

    private static final String SPRING = "io.lockweave.spring.EnableLocking";

    private final String mode;
    private final String selfInvocation;
    private final boolean spring;

    Options(ProcessingEnvironment environment, Diagnostics diagnostics) {
        Map<String, String> options = environment.getOptions();
        this.spring = environment.getElementUtils().getTypeElement(SPRING) != null;
        this.mode = oneOf(options, MODE, diagnostics, "", "proxy", "aspectj");
        this.selfInvocation = oneOf(options, SELF_INVOCATION, diagnostics, "warn", "error", "ignore");
    }

    private static String oneOf(Map<String, String> options, String name, Diagnostics diagnostics, String... valid) {
        String said = options.get(name);
        String value = said == null ? valid[0] : said.toLowerCase(Locale.ROOT);
        for (String one : valid) {
            if (one.equals(value)) {
                return one;
            }
        }
        diagnostics.unknownOption(name, String.valueOf(said), valid);
        return valid[0];
    }

    /** Whether Spring's part is there, which makes proxies and knows reactive results. */
    boolean spring() {
        return spring;
    }

    /** How to tell what fails under proxies alone; null: not at all. */
    @Nullable
    Kind underProxies() {
        return mode.equals("proxy") ? Kind.ERROR : mode.equals("aspectj") || !spring ? null : Kind.MANDATORY_WARNING;
    }

    /** How to tell what fails in woven code alone; null: not at all. */
    @Nullable
    Kind inWovenCode() {
        return mode.equals("proxy") ? null : mode.equals("aspectj") || !spring ? Kind.ERROR : Kind.MANDATORY_WARNING;
    }

    /** How to tell of calls that no proxy sees; null: not at all. */
    @Nullable
    Kind selfInvocation() {
        return underProxies() == null || selfInvocation.equals("ignore")
                ? null
                : selfInvocation.equals("error") ? Kind.ERROR : Kind.MANDATORY_WARNING;
    }
}
