"""The door in: stream connections and the frames that come through them."""
