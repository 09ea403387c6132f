package io.radnet.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An array that writes down what is asked of it. A real array of zeros goes along, which answers
 * for shapes and types, so that nothing of DJL's rules is written twice.
 */
final class TracedArray implements InvocationHandler {
  private static final Class<?>[] INTERFACES = {NDArray.class, NDArrayEx.class};
  private static final Set<String> QUESTIONS =
      Set.of(
          "getShape",
          "getDataType",
          "getDevice",
          "getManager",
          "getSparseFormat",
          "getName",
          "setName",
          "getUid",
          "hasGradient",
          "isReleased");
  private static final Set<String> LIFE_CYCLE =
      Set.of("attach", "tempAttach", "returnResource", "detach", "close", "setRequiresGradient");
  private static final Set<String> SELF = Set.of("getNDArrayInternal", "getArray", "stopGradient");
  private static final Set<String> IN_PLACE = Set.of("addi", "subi", "muli", "divi");

  private final Recording recording;
  private Operand.Made value;
  private NDArray shadow;

  private TracedArray(Recording recording, Operand.Made value, NDArray shadow) {
    this.recording = recording;
    this.value = value;
    this.shadow = shadow;
  }

  /** The array that a function gets. */
  static NDArray of(Recording recording, Operand.Made value, NDArray shadow) {
    return (NDArray)
        Proxy.newProxyInstance(
            TracedArray.class.getClassLoader(),
            INTERFACES,
            new TracedArray(recording, value, shadow));
  }

  /** What is behind an array of a trace; null for any other array. */
  static @Nullable TracedArray behind(Object array) {
    return Proxy.isProxyClass(array.getClass())
            && Proxy.getInvocationHandler(array) instanceof TracedArray traced
        ? traced
        : null;
  }

  Recording recording() {
    return recording;
  }

  Operand.Made value() {
    return value;
  }

  NDArray shadow() {
    return shadow;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (method.getDeclaringClass() == Object.class) {
      return switch (name) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "traced array " + shadow.getShape();
      };
    }
    if (QUESTIONS.contains(name)) {
      return call(method, shadow, arguments);
    }
    if (SELF.contains(name)) {
      return proxy;
    }
    if (LIFE_CYCLE.contains(name)) {
      return null; // arrays of a trace live as long as the trace
    }
    if (IN_PLACE.contains(name)) {
      Method plain = NDArray.class.getMethod(name.substring(0, 3), method.getParameterTypes());
      TracedArray result = (TracedArray) Proxy.getInvocationHandler(apply(plain, arguments));
      value = result.value;
      shadow = result.shadow;
      return proxy;
    }
    if (Operators.knows(method)) {
      Object result = apply(method, arguments);
      return method.getReturnType() == NDList.class ? new NDList((NDArray) result) : result;
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    throw new UnreadableFunctionException(
        "the function calls "
            + method.getDeclaringClass().getSimpleName()
            + "."
            + name
            + ", for which there is no operator here");
  }

  private NDArray apply(Method method, Object[] arguments) throws Throwable {
    Object target =
        method.getDeclaringClass() == NDArrayEx.class ? shadow.getNDArrayInternal() : shadow;
    Object answer = call(method, target, shadows(arguments));
    NDArray result = answer instanceof NDList list ? list.singletonOrThrow() : (NDArray) answer;
    return of(recording, Operators.record(method, this, arguments, result), result);
  }

  private static Object[] shadows(Object[] arguments) {
    Object[] plain = arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] instanceof NDList list) {
        NDList shadows = new NDList();
        list.forEach(array -> shadows.add(shadow(array)));
        plain[i] = shadows;
      } else if (plain[i] instanceof NDArray array) {
        plain[i] = shadow(array);
      }
    }
    return plain;
  }

  private static NDArray shadow(NDArray array) {
    TracedArray traced = behind(array);
    return traced == null ? array : traced.shadow;
  }

  private static Object call(Method method, Object target, Object... arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }
}
