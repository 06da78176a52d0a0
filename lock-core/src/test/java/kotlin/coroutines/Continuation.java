package kotlin.coroutines;

/** Stands for Kotlin's type of the same name, by which a suspending function is known. */
public interface Continuation<T> {

    void resumeWith(Object result);
}
