namespace WatchReload.Control;

/// <summary>The state directory, or something in it, cannot be used: wrong owner, loose mode, damaged.</summary>
public sealed class StateException(string cause, string remedy, Exception? inner = null) : ControlException(cause, remedy, inner);
