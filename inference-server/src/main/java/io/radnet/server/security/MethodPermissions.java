package io.radnet.server.security;

import java.util.HashMap;
import java.util.Map;

/** Which permission each gRPC method needs. A method that is not listed needs an administrator. */
public final class MethodPermissions {
  private static final String INFERENCE = "inference.GRPCInferenceService/";
  private static final String RADNET = "radnet.v1.RadNet/";
  private static final Map<String, Permission> PERMISSIONS = permissions();

  private MethodPermissions() {}

  private static Map<String, Permission> permissions() {
    Map<String, Permission> all = new HashMap<>();
    put(all, "grpc.health.v1.Health/", Permission.NONE, "Check", "Watch", "List");
    put(all, INFERENCE, Permission.NONE, "ServerLive", "ServerReady", "ModelReady");
    put(
        all,
        INFERENCE,
        Permission.INSPECT,
        "ServerMetadata",
        "ModelMetadata",
        "ModelConfig",
        "ModelStatistics",
        "RepositoryIndex");
    put(all, "grpc.reflection.v1.ServerReflection/", Permission.INSPECT, "ServerReflectionInfo");
    put(all, INFERENCE, Permission.INFER, "ModelInfer", "ModelStreamInfer");
    put(all, RADNET, Permission.INFER, "Embed", "Classify", "Segment", "EmbedBatch");
    put(all, INFERENCE, Permission.ADMINISTER, "RepositoryModelLoad", "RepositoryModelUnload");
    return Map.copyOf(all);
  }

  private static void put(
      Map<String, Permission> all, String service, Permission permission, String... methods) {
    for (String method : methods) {
      all.put(service + method, permission);
    }
  }

  /** The permission that a method needs. */
  static Permission of(String fullMethodName) {
    return PERMISSIONS.getOrDefault(fullMethodName, Permission.ADMINISTER);
  }

  /** Whether somebody has decided about a method. */
  public static boolean listed(String fullMethodName) {
    return PERMISSIONS.containsKey(fullMethodName);
  }
}
