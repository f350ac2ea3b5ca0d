"""The package cv2, which writes and draws pictures. It is optional: reading needs nothing."""

from . import error


def opencv(call, does):
    """The module cv2.

    Args:
        call (str): Who needs it, for the message.
        does (str): What it does there.

    Raises:
        MXNetError: It is not installed.
    """
    try:
        import cv2
    except ImportError as cause:
        raise error.MXNetError(
            f"{call}: cv2 is not installed, which {does}; pip install opencv-python-headless is "
            "expected"
        ) from cause
    return cv2
