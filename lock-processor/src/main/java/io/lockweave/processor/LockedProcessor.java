package io.lockweave.processor;

import java.util.LinkedHashSet;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is wrong with {@code @Locked} and {@code @LockedRow}, at the annotation's own line, in the words that
 * would be heard when the application starts or the method is called. Makes no files. Options: {@code lockweave.mode}
 * is {@code proxy} or {@code aspectj}; without it, what fails in one of them alone is a warning.
 * {@code lockweave.selfInvocation} is {@code warn}, {@code error} or {@code ignore}.
 */
public final class LockedProcessor extends AbstractProcessor {

    private final Set<String> classes = new LinkedHashSet<>();
    private @Nullable Diagnostics diagnostics;
    private @Nullable Options options;

    /** For compilers. */
    public LockedProcessor() {}

    /** All: any annotation may carry {@code @Locked}. */
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("*");
    }

    @Override
    public Set<String> getSupportedOptions() {
        return Set.of(Options.MODE, Options.SELF_INVOCATION);
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        SourcePlaces places = null;
        try {
            places = CompilerTrees.places(environment);
        } catch (LinkageError e) {
            // a compiler without trees: what is in the code of methods is not looked at
        }
        diagnostics = new Diagnostics(environment.getMessager(), places);
        options = new Options(environment, diagnostics);
        if (places != null) {
            CompilerTrees.listen(environment, options);
        }
    }

    /** Collects in every round and checks in the last one, when tools like Lombok and MapStruct are done. */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        Compilation compilation = new Compilation(processingEnv);
        AnnotatedLocks locks = new AnnotatedLocks(compilation);
        for (TypeElement annotation : annotations) {
            if (LockedClasses.concerns(compilation, locks, annotation)) {
                for (Element element : round.getElementsAnnotatedWith(annotation)) {
                    LockedClasses.nameOf(compilation, element).ifPresent(classes::add);
                }
            }
        }
        if (round.processingOver() && diagnostics != null && options != null && !classes.isEmpty()) {
            new LockedClasses(compilation, options, diagnostics).check(classes);
        }
        return false;
    }
}
