package io.lockweave.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.util.StringUtils;

/** The types that an expression goes through from a parameter of its method on: {@code #order.customer.id}. */
final class ExpressionTypes {

    /** A parameter, and properties or methods without parameters, also of each element: {@code #all.![customer.id]}. */
    private static final Pattern PATH = Pattern.compile("#(\\w+)((?:\\??\\.(?:!\\[)?\\w+(?:\\(\\))?)*)");

    private static final Pattern STEP = Pattern.compile("\\w+");
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Set<Class<?>> found = new LinkedHashSet<>();

    private ExpressionTypes() {}

    /** Those of all parameters, and those behind them that the expression reads. */
    static Set<Class<?>> of(Method method, String expression) {
        ExpressionTypes types = new ExpressionTypes();
        for (int i = 0; i < method.getParameterCount(); i++) {
            types.add(ResolvableType.forMethodParameter(method, i));
        }
        Matcher path = PATH.matcher(expression);
        while (path.find()) {
            int parameter = parameter(method, path.group(1));
            if (parameter >= 0) {
                types.follow(ResolvableType.forMethodParameter(method, parameter), path.group(2));
            }
        }
        return types.found;
    }

    private static int parameter(Method method, String name) {
        String[] names = NAMES.getParameterNames(method);
        int place = names == null ? -1 : List.of(names).indexOf(name);
        if (place < 0 && name.matches("[pa]\\d{1,3}")) {
            place = Integer.parseInt(name.substring(1));
        }
        return place < method.getParameterCount() ? place : -1;
    }

    private void follow(ResolvableType start, String steps) {
        ResolvableType type = start;
        Matcher step = STEP.matcher(steps);
        while (step.find()) {
            type = member(element(type), step.group());
            add(type);
        }
    }

    /** Of a collection or another generic type what it is of. */
    private static ResolvableType element(ResolvableType type) {
        return type.isArray()
                ? type.getComponentType()
                : type.hasGenerics() ? type.getGeneric(type.getGenerics().length - 1) : type;
    }

    private static ResolvableType member(ResolvableType type, String name) {
        Class<?> owner = type.toClass();
        String capitalized = StringUtils.capitalize(name);
        Method getter = Stream.of(owner.getMethods())
                .filter(one -> one.getParameterCount() == 0 && !Modifier.isStatic(one.getModifiers()))
                .filter(one ->
                        Set.of(name, "get" + capitalized, "is" + capitalized).contains(one.getName()))
                .findFirst()
                .orElse(null);
        if (getter != null) {
            return ResolvableType.forMethodReturnType(getter, owner);
        }
        Field field = Stream.of(owner.getFields())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElse(null);
        return field == null ? ResolvableType.NONE : ResolvableType.forField(field, owner);
    }

    private void add(ResolvableType type) {
        Class<?> plain = type.isArray() ? type.getComponentType().toClass() : type.toClass();
        if (!plain.isPrimitive() && plain != Object.class) {
            found.add(plain);
        }
        Stream.of(type.getGenerics()).forEach(this::add);
    }
}
