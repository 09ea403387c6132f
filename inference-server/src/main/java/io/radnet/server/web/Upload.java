package io.radnet.server.web;

import com.google.protobuf.UnsafeByteOperations;
import io.radnet.proto.v1.DicomChunk;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanReceiver;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an upload: for each file its length (4 bytes, big-endian) and its bytes. File names
 * are not sent, since they often are names of patients. The bytes go straight into the receiver,
 * which stops a scan that passes a limit before it takes memory; nothing is written to disk.
 */
final class Upload {
  private static final int CHUNK = 256 << 10;

  private Upload() {}

  /**
   * @throws RequestException where the body is malformed or a limit is passed
   */
  static ReceivedScan read(InputStream body, boolean dicom, ScanReceiver receiver)
      throws IOException {
    receiver.accept(
        ScanRequest.newBuilder().setOptions(ScanOptions.newBuilder().setRequestId("page")).build());
    DataInputStream in = new DataInputStream(body);
    int files = 0;
    for (int first = in.read(); first >= 0; first = in.read()) {
      files++;
      if (!dicom && files > 1) {
        throw new RequestException(Reason.INVALID, "upload: several files (expected: one NIfTI)");
      }
      try {
        int length =
            first << 24
                | in.readUnsignedByte() << 16
                | in.readUnsignedByte() << 8
                | in.readUnsignedByte();
        if (length < 1) {
          throw new RequestException(
              Reason.INVALID,
              "upload: a file of " + Integer.toUnsignedString(length) + " bytes (expected: >= 1)");
        }
        file(in, length, dicom, receiver);
      } catch (EOFException cut) {
        throw new RequestException(Reason.INVALID, "upload: ends inside a file");
      }
    }
    return receiver.finish();
  }

  private static void file(DataInputStream in, int length, boolean dicom, ScanReceiver receiver)
      throws IOException {
    for (int left = length; left > 0; ) {
      byte[] bytes = new byte[Math.min(left, CHUNK)];
      in.readFully(bytes);
      left -= bytes.length;
      ScanRequest.Builder part = ScanRequest.newBuilder();
      if (dicom) {
        part.setDicom(
            DicomChunk.newBuilder()
                .setData(UnsafeByteOperations.unsafeWrap(bytes))
                .setEndOfInstance(left == 0));
      } else {
        part.setNifti(UnsafeByteOperations.unsafeWrap(bytes));
      }
      receiver.accept(part.build());
    }
  }
}
